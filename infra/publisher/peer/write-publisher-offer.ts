/**
 * The library's offer → ours: header extensions, retransmission groups and simulcast (RFC 8853) added to the m-lines that
 * are in use. Simulcast layers are named by RID instead of SSRC.
 */
import { extensionIds, extensionUris, type OfferedMedia } from './offered-media.ts';

export function writePublisherOffer(libraryOffer: string, offered: readonly OfferedMedia[]): string {
  const byMid = new Map(offered.map((media) => [media.mid, media]));
  const sections = libraryOffer.split(/\r?\n(?=m=)/).map((section) => section.split(/\r?\n/).filter(Boolean));
  const lines = sections.flatMap((section) => {
    const mid = section.find((line) => line.startsWith('a=mid:'))?.slice('a=mid:'.length);
    const media = mid === undefined ? undefined : byMid.get(mid);
    return media ? writeSection(section, media) : section;
  });
  return `${lines.join('\r\n')}\r\n`;
}

function writeSection(section: readonly string[], media: OfferedMedia): string[] {
  const { layers, rtxSsrc, cname, streamId, trackId } = media;
  const rids = layers.flatMap(({ rid }) => rid ?? []);
  // Written anew: the library does not know of groups, and names SSRCs that are not used yet.
  const lines = section.filter((line) => !/^a=(ssrc|ssrc-group|msid|extmap):/.test(line));
  lines.push(`a=msid:${streamId} ${trackId}`);
  for (const [name, id] of Object.entries(extensionIds)) {
    lines.push(`a=extmap:${id} ${extensionUris[name as keyof typeof extensionIds]}`);
  }
  if (rids.length > 0) {
    for (const rid of rids) lines.push(`a=rid:${rid} send`);
    lines.push(`a=simulcast:send ${rids.join(';')}`);
    return lines;
  }
  const [layer] = layers;
  if (!layer) return lines;
  const ssrcs = rtxSsrc === undefined ? [layer.ssrc] : [layer.ssrc, rtxSsrc];
  if (ssrcs.length > 1) lines.push(`a=ssrc-group:FID ${ssrcs.join(' ')}`);
  for (const ssrc of ssrcs) lines.push(`a=ssrc:${ssrc} cname:${cname}`, `a=ssrc:${ssrc} msid:${streamId} ${trackId}`);
  return lines;
}
