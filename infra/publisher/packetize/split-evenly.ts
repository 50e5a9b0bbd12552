/** Pieces of nearly equal size, as few as the limit allows: views, nothing is copied. */
export function splitEvenly(bytes: Uint8Array, mostBytes: number): Uint8Array[] {
  const count = Math.max(1, Math.ceil(bytes.length / mostBytes));
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(Math.floor((index * bytes.length) / count), Math.floor(((index + 1) * bytes.length) / count)),
  );
}
