import { describe, expect, test } from 'vitest';
import { readAnnexB } from './read-annex-b.ts';
import { readIvf } from './read-ivf.ts';
import { readObus } from './read-obus.ts';
import { readOggOpus } from './read-ogg-opus.ts';

describe('readIvf', () => {
  const header = Buffer.alloc(32);
  header.write('DKIF');
  header.writeUInt16LE(32, 6);
  header.writeUInt16LE(640, 12);
  header.writeUInt16LE(360, 14);
  const frame = (bytes: number[]) => {
    const out = Buffer.alloc(12 + bytes.length);
    out.writeUInt32LE(bytes.length, 0);
    out.set(bytes, 12);
    return out;
  };

  test('gives size and frames', () => {
    const file = readIvf(Buffer.concat([header, frame([1, 2, 3]), frame([4])]));
    expect({ ...file, frames: file.frames.map((bytes) => [...bytes]) }).toEqual({
      width: 640,
      height: 360,
      frames: [[1, 2, 3], [4]],
    });
  });

  test('refuses other files and half ones', () => {
    expect(() => readIvf(Buffer.alloc(40))).toThrow('DKIF');
    expect(() => readIvf(Buffer.concat([header, frame([1, 2, 3]).subarray(0, 14)]))).toThrow('frame 0');
  });
});

describe('readAnnexB', () => {
  test('makes access units of what is between delimiters, whatever the start codes', () => {
    const stream = Buffer.from(
      '00000001' + '09f0' + '00000001' + '6701' + '000001' + '6802' + '00000001' + '09f0' + '000001' + '41000003',
      'hex',
    );
    expect(readAnnexB(stream, 'h264').map((units) => units.map((unit) => Buffer.from(unit).toString('hex')))).toEqual([
      ['6701', '6802'],
      ['41000003'],
    ]);
  });

  test('refuses a stream without delimiters', () => {
    expect(() => readAnnexB(Buffer.from('00000001' + '6701', 'hex'), 'h264')).toThrow('delimiters');
  });
});

describe('readObus', () => {
  test('drops temporal delimiters and size fields', () => {
    // Delimiter of no bytes; sequence header of two; frame of 130 with a size of two bytes and an extension.
    const frame = Buffer.alloc(130, 5);
    const unit = Buffer.concat([Buffer.from('1200' + '0a02aabb' + '3620' + '8201', 'hex'), frame]);
    expect(readObus(unit).map((obu) => Buffer.from(obu).toString('hex'))).toEqual([
      '08aabb',
      `3420${frame.toString('hex')}`,
    ]);
  });
});

describe('readOggOpus', () => {
  const page = (packets: Buffer[]) => {
    const laces = packets.flatMap((packet) => [
      ...new Array<number>(Math.floor(packet.length / 255)).fill(255),
      packet.length % 255,
    ]);
    const header = Buffer.alloc(27);
    header.write('OggS');
    header[26] = laces.length;
    return Buffer.concat([header, Buffer.from(laces), ...packets]);
  };
  const head = Buffer.from('OpusHead\x01\x02', 'latin1');
  const tags = Buffer.from('OpusTags');

  test('gives the packets after the headers, those of 255 bytes and more too', () => {
    const packets = [Buffer.alloc(255, 1), Buffer.alloc(3, 2), Buffer.alloc(600, 3)];
    const file = readOggOpus(Buffer.concat([page([head]), page([tags]), page(packets)]));
    expect(file.channels).toBe(2);
    expect(file.packets.map((packet) => [packet.length, packet[0]])).toEqual([
      [255, 1],
      [3, 2],
      [600, 3],
    ]);
  });

  test('puts a packet together that goes on over pages', () => {
    const first = Buffer.concat([Buffer.from('OggS'), Buffer.alloc(22), Buffer.from([1, 255]), Buffer.alloc(255, 9)]);
    const file = readOggOpus(Buffer.concat([page([head]), page([tags]), first, page([Buffer.alloc(10, 9)])]));
    expect(file.packets.map((packet) => packet.length)).toEqual([265]);
  });

  test('refuses other files', () => {
    expect(() => readOggOpus(page([tags, head]))).toThrow('OpusHead');
  });
});
