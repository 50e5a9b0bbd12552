import { describe, expect, test } from 'vitest';
import { writePublisherOffer } from './write-publisher-offer.ts';

const libraryOffer = ['v=0', 'a=group:BUNDLE 0 1', 'm=video 9 UDP/TLS/RTP/SAVPF 96', 'a=mid:0', 'a=ssrc:1 cname:x']
  .concat(['m=video 0 UDP/TLS/RTP/SAVPF 96', 'a=mid:1', 'a=ssrc:2 cname:x', ''])
  .join('\r\n');
const media = {
  mid: '0',
  kind: 'video',
  encoder: 'vp8',
  red: false,
  cname: 'me',
  streamId: 'stream',
  trackId: 'track',
} as const;

function linesOf(sdp: string): string[] {
  return sdp.split('\r\n').filter((line) => /^(m|a=(mid|ssrc|ssrc-group|rid|simulcast|msid)[:=])/.test(line));
}

describe('writePublisherOffer', () => {
  test('names a stream and its retransmissions by SSRC', () => {
    const offer = writePublisherOffer(libraryOffer, [{ ...media, layers: [{ ssrc: 10 }], rtxSsrc: 11 }]);
    expect(linesOf(offer)).toEqual([
      'm=video 9 UDP/TLS/RTP/SAVPF 96',
      'a=mid:0',
      'a=msid:stream track',
      'a=ssrc-group:FID 10 11',
      'a=ssrc:10 cname:me',
      'a=ssrc:10 msid:stream track',
      'a=ssrc:11 cname:me',
      'a=ssrc:11 msid:stream track',
      // Not in use any more: as the library has it.
      'm=video 0 UDP/TLS/RTP/SAVPF 96',
      'a=mid:1',
      'a=ssrc:2 cname:x',
    ]);
  });

  test('names simulcast layers by RID', () => {
    const layers = [
      { ssrc: 10, rid: 'q' },
      { ssrc: 11, rid: 'f' },
    ];
    const offer = writePublisherOffer(libraryOffer, [{ ...media, layers }]);
    expect(linesOf(offer).slice(0, 6)).toEqual([
      'm=video 9 UDP/TLS/RTP/SAVPF 96',
      'a=mid:0',
      'a=msid:stream track',
      'a=rid:q send',
      'a=rid:f send',
      'a=simulcast:send q;f',
    ]);
  });
});
