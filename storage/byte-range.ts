import { type ByteRange, StorageError } from './object-store.ts';

/** The part of an object that a range names, as in HTTP: the end may lie past the object, the start may not. */
export function clampRange(range: ByteRange, sizeBytes: number): ByteRange {
  assertRange(range);
  if (range.startByte >= sizeBytes) throw pastTheEnd(range);
  return { startByte: range.startByte, endByte: Math.min(range.endByte, sizeBytes - 1) };
}

/** A server may answer a range that makes no sense with the whole object, so it is never asked. */
export function assertRange({ startByte, endByte }: ByteRange): void {
  const isRange = Number.isSafeInteger(startByte) && Number.isSafeInteger(endByte) && startByte >= 0;
  if (!isRange || endByte < startByte) throw pastTheEnd({ startByte, endByte });
}

export function pastTheEnd(range: ByteRange, options?: ErrorOptions): StorageError {
  return new StorageError('range', `The object has no bytes ${range.startByte}-${range.endByte}.`, false, options);
}
