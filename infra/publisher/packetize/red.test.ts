import { describe, expect, test } from 'vitest';
import { parseRed } from '../../../recorder/rtp/parse-red.ts';
import { RedWriter } from './red.ts';
import { joined, patternBytes } from './testing-frames.ts';

describe('RedWriter', () => {
  test('repeats the packet before, with its distance in time', () => {
    const writer = new RedWriter({ blockPayloadType: 111 });
    const first = patternBytes(80, 1);
    const second = patternBytes(90, 2);
    writer.write(first, 0xffff_ffff);
    const blocks = parseRed(joined(writer.write(second, 959).parts));
    expect(blocks).toEqual([
      { payloadType: 111, timestampOffset: 960, payload: first },
      { payloadType: 111, timestampOffset: 0, payload: second },
    ]);
  });

  test('has nothing to repeat in the first packet, and after a hole too long for its header', () => {
    const writer = new RedWriter({ blockPayloadType: 111 });
    const only = patternBytes(10);
    expect(joined(writer.write(only, 0).parts)).toEqual(joined([Uint8Array.of(111), only]));
    expect(joined(writer.write(only, 0x4000).parts)).toEqual(joined([Uint8Array.of(111), only]));
    expect(parseRed(joined(writer.write(only, 0x4000 + 960).parts))?.length).toBe(2);
  });

  test('leaves away a block too large for its header', () => {
    const writer = new RedWriter({ blockPayloadType: 111 });
    writer.write(patternBytes(1024), 0);
    expect(parseRed(joined(writer.write(patternBytes(10), 960).parts))?.length).toBe(1);
  });
});
