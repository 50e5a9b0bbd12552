/** What a source buffer is told, read from the file itself: which tracks a part has is known nowhere better than in its header. */

const names = {
  'video/webm': { V_VP8: 'vp8', V_VP9: 'vp09.00.10.08', V_AV1: 'av01.0.08M.08', A_OPUS: 'opus' },
  'video/mp4': {
    avc1: 'avc1.42e01f',
    hvc1: 'hvc1.1.6.L93.B0',
    av01: 'av01.0.08M.08',
    vp09: 'vp09.00.10.08',
    Opus: 'opus',
  },
} as const;

/** Where the header ends and frames, which may look like anything, begin: a cluster's id, a fragment's box. */
const firstFrames = { 'video/webm': '\x1f\x43\xb6\x75', 'video/mp4': 'moof' } as const;
const headerMaximumBytes = 16_384;

/** @param bytes how the file begins */
export function liveMimeType(contentType: string, bytes: Uint8Array): string {
  const container = containerOf(contentType);
  const [header = ''] = String.fromCharCode(...bytes.subarray(0, headerMaximumBytes)).split(firstFrames[container]);
  const codecs = Object.entries(names[container]).flatMap(([name, codec]) => (header.includes(name) ? [codec] : []));
  return `${contentType}; codecs="${codecs.join(',')}"`;
}

export function possibleCodecs(contentType: string): string[] {
  return Object.values(names[containerOf(contentType)]);
}

function containerOf(contentType: string): keyof typeof names {
  return contentType.endsWith('mp4') ? 'video/mp4' : 'video/webm';
}
