/**
 * An H.264 or H.265 byte stream (Annex B of either standard) → access units. The encoder must write access unit
 * delimiters: they say where a picture begins, and are left out as in RTP.
 */

const DELIMITER = { h264: 9, h265: 35 } as const;

export function nalUnitType(unit: Uint8Array, codec: 'h264' | 'h265'): number {
  return codec === 'h264' ? (unit[0] ?? 0) & 0x1f : ((unit[0] ?? 0) >> 1) & 0x3f;
}

/** IDR in H.264; any picture that a decoder can start with (BLA, IDR, CRA) in H.265. */
export function isKeyUnit(unit: Uint8Array, codec: 'h264' | 'h265'): boolean {
  const type = nalUnitType(unit, codec);
  return codec === 'h264' ? type === 5 : type >= 16 && type <= 21;
}

export function readAnnexB(bytes: Buffer, codec: 'h264' | 'h265'): Uint8Array[][] {
  const accessUnits: Uint8Array[][] = [];
  for (const unit of nalUnits(bytes)) {
    if (nalUnitType(unit, codec) === DELIMITER[codec]) accessUnits.push([]);
    else if (accessUnits.length === 0) throw new Error('The byte stream has no access unit delimiters.');
    else accessUnits.at(-1)?.push(unit);
  }
  return accessUnits.filter((units) => units.length > 0);
}

function* nalUnits(bytes: Buffer): Iterable<Uint8Array> {
  const startCode = Buffer.from([0, 0, 1]);
  let start = bytes.indexOf(startCode);
  while (start >= 0) {
    const next = bytes.indexOf(startCode, start + 3);
    let end = next < 0 ? bytes.length : next;
    // Zeros before a start code belong to it; a unit never ends with one.
    while (end > start + 3 && bytes[end - 1] === 0) end -= 1;
    if (end > start + 3) yield bytes.subarray(start + 3, end);
    start = next;
  }
}
