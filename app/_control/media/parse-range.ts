/** RFC 9110, 14.1.2 and 14.2: one byte range of a `Range` header. */
import type { ByteRange } from '../../../storage/object-store.ts';

/**
 * `whole`: there is no range, or one that a server may ignore (another unit, malformed, several at once).
 * `unsatisfiable`: it begins past the end.
 */
export function parseRange(header: string | null, sizeBytes: number): ByteRange | 'whole' | 'unsatisfiable' {
  const match = /^bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return 'whole';
  if (first === '') {
    const suffixBytes = Number(last);
    if (suffixBytes === 0 || sizeBytes === 0) return 'unsatisfiable';
    return { startByte: Math.max(0, sizeBytes - suffixBytes), endByte: sizeBytes - 1 };
  }
  const startByte = Number(first);
  if (last !== '' && Number(last) < startByte) return 'whole';
  if (startByte >= sizeBytes) return 'unsatisfiable';
  return { startByte, endByte: last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1) };
}
