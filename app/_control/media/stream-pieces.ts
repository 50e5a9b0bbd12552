import type { Readable } from 'node:stream';
import type { ByteRange, ObjectStore } from '../../../storage/object-store.ts';
import type { MediaPiece } from './media-file.ts';

const AHEAD_BYTES = 512 * 1024;

/**
 * A byte range of the file that the pieces make, read from the store one after the other, no faster than the reader
 * takes it. Whoever stops reading, stops the store's stream.
 */
export function streamPieces(
  store: ObjectStore,
  pieces: readonly MediaPiece[],
  range: ByteRange,
  onError: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  const waiting = [...cut(pieces, range)].reverse();
  let current: Readable | undefined;
  let chunks: AsyncIterator<Uint8Array> | undefined;
  let cancelled = false;

  return new ReadableStream<Uint8Array>(
    {
      async pull(output) {
        try {
          for (;;) {
            if (!chunks) {
              const next = waiting.pop();
              if (!next) return output.close();
              current = await store.read(next.key, next.range);
              if (cancelled) {
                current.destroy();
                return;
              }
              chunks = current[Symbol.asyncIterator]();
            }
            const { done, value } = await chunks.next();
            if (cancelled) return;
            if (!done) return output.enqueue(value);
            chunks = undefined;
          }
        } catch (error) {
          if (cancelled) return;
          onError(error);
          // The connection is cut: a short body would be taken for a whole one.
          output.error(error);
        }
      },
      cancel() {
        cancelled = true;
        current?.destroy();
      },
    },
    // Read ahead this much, no more: the store's answer and ours go on at the same time.
    { highWaterMark: AHEAD_BYTES, size: (chunk) => chunk.byteLength },
  );
}

/** Which bytes of which objects the range is made of. */
export function* cut(pieces: readonly MediaPiece[], range: ByteRange): Generator<{ key: string; range: ByteRange }> {
  let offset = 0;
  for (const piece of pieces) {
    const from = Math.max(range.startByte - offset, 0);
    const to = Math.min(range.endByte - offset, piece.sizeBytes - 1);
    offset += piece.sizeBytes;
    if (from <= to) {
      yield { key: piece.key, range: { startByte: piece.startByte + from, endByte: piece.startByte + to } };
    }
  }
}
