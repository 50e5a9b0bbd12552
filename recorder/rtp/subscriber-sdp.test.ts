import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeSubscriberAnswer } from './subscriber-answer.ts';
import { readSubscriberOffer } from './subscriber-offer.ts';

/** As LiveKit 1.11 writes it, shortened. */
const offer = `v=0
o=- 8166854850003595551 1795261604 IN IP4 0.0.0.0
s=-
t=0 0
a=fingerprint:sha-256 18:24
a=group:BUNDLE 0 1 2 3
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 0.0.0.0
a=setup:actpass
a=mid:0
a=sctp-port:5000
a=ice-ufrag:server
a=ice-pwd:serversecret
m=video 9 UDP/TLS/RTP/SAVPF 96 97 108 109 120 121
c=IN IP4 0.0.0.0
a=setup:actpass
a=mid:1
a=rtcp-mux
a=rtpmap:96 VP8/90000
a=rtcp-fb:96 ccm fir
a=rtcp-fb:96 nack
a=rtcp-fb:96 nack pli
a=rtcp-fb:96 goog-remb
a=rtcp-fb:96 transport-cc
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
a=rtpmap:108 H264/90000
a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
a=rtpmap:109 rtx/90000
a=fmtp:109 apt=108
a=rtpmap:120 XYZ/90000
a=rtpmap:121 rtx/90000
a=fmtp:121 apt=120
a=extmap:1 https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension
a=extmap:3 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
a=ssrc-group:FID 903252946 2142490735
a=ssrc:903252946 cname:PA_a|TR_video
a=ssrc:2142490735 cname:PA_a|TR_video
a=msid:PA_a|TR_video TR_video
a=sendrecv
m=audio 9 UDP/TLS/RTP/SAVPF 63 111
c=IN IP4 0.0.0.0
a=mid:2
a=rtpmap:111 opus/48000/2
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
a=fmtp:63 111/111
a=ssrc:77 cname:PA_a|TR_audio
a=msid:PA_a|TR_audio TR_audio
a=sendonly
m=video 9 UDP/TLS/RTP/SAVPF 96
c=IN IP4 0.0.0.0
a=mid:3
a=rtpmap:96 VP8/90000
a=recvonly
`.replaceAll('\n', '\r\n');

const libraryAnswer = `v=0
o=rtc 1 0 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
a=mid:0
a=setup:active
a=ice-ufrag:ours
a=ice-pwd:oursecret
a=fingerprint:sha-256 AA:BB
`.replaceAll('\n', '\r\n');

describe('an offer', () => {
  test('names the track, the streams and the formats of every m-line that sends', () => {
    const [video, audio, ...rest] = readSubscriberOffer(offer);
    expect(rest).toEqual([]);
    expect(video).toMatchObject({
      mid: '1',
      kind: 'video',
      trackSid: 'TR_video',
      ssrc: 903252946,
      rtxSsrc: 2142490735,
      dependencyDescriptorId: 1,
    });
    expect([...(video?.formats ?? [])]).toEqual([
      [96, { kind: 'media', codec: 'vp8', clockRate: 90_000 }],
      [97, { kind: 'rtx', mediaPayloadType: 96 }],
      [108, { kind: 'media', codec: 'h264', clockRate: 90_000 }],
      [109, { kind: 'rtx', mediaPayloadType: 108 }],
      [121, { kind: 'rtx', mediaPayloadType: 120 }],
    ]);
    expect(audio).toMatchObject({ mid: '2', kind: 'audio', trackSid: 'TR_audio', ssrc: 77, rtxSsrc: undefined });
    expect([...(audio?.formats ?? [])]).toEqual([
      [111, { kind: 'media', codec: 'opus', clockRate: 48_000, channels: 2 }],
      [63, { kind: 'red' }],
    ]);
  });

  test('of any text is read without a throw', () => {
    const lines = offer.split('\r\n');
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...lines), fc.string())), (mixed) => {
        readSubscriberOffer(mixed.join('\r\n'));
        writeSubscriberAnswer(mixed.join('\r\n'), libraryAnswer);
      }),
    );
  });
});

describe('the answer', () => {
  const answer = writeSubscriberAnswer(offer, libraryAnswer);
  const sections = answer.split('\r\nm=').slice(1);

  test('has the m-lines of the offer in their order, received, and those that send nothing inactive', () => {
    expect(sections.map((section) => /a=mid:(\d)/.exec(section)?.[1])).toEqual(['0', '1', '2', '3']);
    expect(sections.map((section) => /a=(recvonly|inactive)/.exec(section)?.[1])).toEqual([
      undefined,
      'recvonly',
      'recvonly',
      'inactive',
    ]);
  });

  test('has our transport in every m-line and nothing of the server’s', () => {
    for (const section of sections) {
      expect(section).toContain(
        'a=ice-ufrag:ours\r\na=ice-pwd:oursecret\r\na=fingerprint:sha-256 AA:BB\r\na=setup:active',
      );
    }
    expect(answer).not.toContain('server');
  });

  test('takes the codecs we know and promises no bandwidth estimate', () => {
    expect(sections[1]).toContain('video 9 UDP/TLS/RTP/SAVPF 96 97 108 109\r\n');
    expect(sections[1]).toContain('a=rtcp-fb:96 nack pli');
    expect(sections[2]).toContain('a=fmtp:63 111/111');
    expect(answer).not.toMatch(/goog-remb|transport-cc|abs-send-time|XYZ/);
    expect(answer).toContain('dependency-descriptor');
  });
});
