/**
 * The server's offer (SDP, RFC 8866) → what the receiver needs of each m-line: which LiveKit track it carries, on which
 * SSRCs, and what its payload types mean.
 *
 * LiveKit writes the track's sid as the second part of `a=msid`; m-lines are used again for other tracks, so each
 * offer is read anew.
 */
import type { Codec } from '../contract/media.ts';
import { dependencyDescriptorUri } from '../depacketize/dependency-descriptor.ts';
import type { PayloadFormat, PayloadFormats } from './payload-format.ts';

export interface OfferedTrack {
  mid: string;
  kind: 'video' | 'audio';
  trackSid: string;
  ssrc: number;
  /** Of retransmissions. */
  rtxSsrc?: number;
  formats: PayloadFormats;
  /** Of the header extension. */
  dependencyDescriptorId?: number;
}

const codecNames: Partial<Record<string, Codec>> = {
  vp8: 'vp8',
  vp9: 'vp9',
  av1: 'av1',
  h264: 'h264',
  h265: 'h265',
  opus: 'opus',
  pcmu: 'pcmu',
  pcma: 'pcma',
};
/** A session of one participant has a handful; more is an attack on memory. */
const MOST_SECTIONS = 256;

/** The lines of each part: the session's first, then one per m-line. */
export function sdpSections(sdp: string): string[][] {
  const sections: string[][] = [[]];
  for (const line of sdp.split(/\r?\n/)) {
    if (line === '') continue;
    if (line.startsWith('m=')) sections.push([]);
    if (sections.length > MOST_SECTIONS) break;
    sections.at(-1)?.push(line);
  }
  return sections;
}

export function attribute(section: readonly string[], name: string): string | undefined {
  return section.find((line) => line.startsWith(`a=${name}:`))?.slice(name.length + 3);
}

export function readSubscriberOffer(sdp: string): OfferedTrack[] {
  const tracks: OfferedTrack[] = [];
  for (const section of sdpSections(sdp).slice(1)) {
    const kind = /^m=(audio|video) /.exec(section[0] ?? '')?.[1];
    const sends = section.includes('a=sendonly') || section.includes('a=sendrecv');
    const mid = attribute(section, 'mid');
    const trackSid = attribute(section, 'msid')?.split(' ')[1];
    const ssrc = Number(attribute(section, 'ssrc')?.split(' ')[0]);
    if ((kind !== 'audio' && kind !== 'video') || !sends || mid === undefined || !trackSid || !ssrc) continue;
    const pair = attribute(section, 'ssrc-group')
      ?.match(/^FID (\d+) (\d+)/)
      ?.slice(1)
      .map(Number);
    tracks.push({
      mid,
      kind,
      trackSid,
      ssrc: pair?.[0] ?? ssrc,
      rtxSsrc: pair?.[1],
      formats: readFormats(section),
      dependencyDescriptorId: extensionId(section, dependencyDescriptorUri),
    });
  }
  return tracks;
}

function extensionId(section: readonly string[], uri: string): number | undefined {
  const line = section.find((each) => each.startsWith('a=extmap:') && each.endsWith(` ${uri}`));
  const id = /^a=extmap:(\d+)/.exec(line ?? '')?.[1];
  return id === undefined ? undefined : Number(id);
}

export function readFormats(section: readonly string[]): PayloadFormats {
  const formats = new Map<number, PayloadFormat>();
  for (const line of section) {
    const [, type, name, clockRate, channels] = /^a=rtpmap:(\d+) ([^/]+)\/(\d+)(?:\/(\d+))?/.exec(line) ?? [];
    if (!type || !name) continue;
    const payloadType = Number(type);
    const codec = codecNames[name.toLowerCase()];
    if (codec) {
      formats.set(payloadType, {
        kind: 'media',
        codec,
        clockRate: Number(clockRate),
        ...(section[0]?.startsWith('m=audio') && { channels: Number(channels ?? 1) }),
      });
    } else if (name.toLowerCase() === 'red') {
      formats.set(payloadType, { kind: 'red' });
    } else if (name.toLowerCase() === 'rtx') {
      const parameters = section.find((each) => each.startsWith(`a=fmtp:${payloadType} `));
      const apt = /apt=(\d+)/.exec(parameters ?? '')?.[1];
      if (apt) formats.set(payloadType, { kind: 'rtx', mediaPayloadType: Number(apt) });
    }
  }
  return formats;
}
