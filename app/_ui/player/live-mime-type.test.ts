import { expect, it } from 'vitest';
import { liveMimeType } from './live-mime-type.ts';

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

it('names the codecs of the header', () => {
  expect(liveMimeType('video/webm', bytes('\x1aE\xdf\xa3…V_VP8…A_OPUS…\x1f\x43\xb6\x75…'))).toBe(
    'video/webm; codecs="vp8,opus"',
  );
  expect(liveMimeType('audio/webm', bytes('\x1aE\xdf\xa3…A_OPUS…'))).toBe('audio/webm; codecs="opus"');
  expect(liveMimeType('video/mp4', bytes('ftypiso5…moov…stsd…avc1…Opus…moof…mdat'))).toBe(
    'video/mp4; codecs="avc1.42e01f,opus"',
  );
});

it('takes no frame for a header', () => {
  expect(liveMimeType('video/webm', bytes('V_VP9\x1f\x43\xb6\x75A_OPUS'))).toBe('video/webm; codecs="vp09.00.10.08"');
  expect(liveMimeType('video/mp4', bytes('hvc1 moof avc1 Opus'))).toBe('video/mp4; codecs="hvc1.1.6.L93.B0"');
});
