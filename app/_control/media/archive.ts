/**
 * Several recordings as one ZIP: stored, not compressed (media is), made while it is sent, no faster than the reader takes
 * it, and with a length that is known before. Whoever stops reading, stops the store's stream.
 */
import { makeZip, predictLength } from 'client-zip';
import { mediaQuerySchema, type Recording } from '../api.ts';
import type { Control } from '../control.ts';
import { getRecording } from '../get-recording.ts';
import { describeError } from '../http/describe-error.ts';
import { keptContentLength } from '../http/keep-content-length.ts';
import { ProblemError } from '../problem-error.ts';
import { type MediaFile, openMedia } from './media-file.ts';
import { fileName } from './serve-media.ts';
import { streamPieces } from './stream-pieces.ts';

interface Entry {
  name: string;
  lastModified: Date;
  file: MediaFile;
}

export async function serveArchive(control: Control, ids: readonly string[]): Promise<Response> {
  const { entries, missing } = await collect(control, ids);
  if (entries.length === 0) throw new ProblemError('not-found', 'None of these recordings has anything to download.');
  const note = missing.length === 0 ? [] : [noteOf(missing)];
  const lengths = entries.map(({ name, file }) => ({ name, size: file.sizeBytes }));
  const lengthBytes = String(predictLength([...note, ...lengths]));
  return new Response(stream(control, entries, note), {
    headers: {
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="recordings-${new Date().toISOString().slice(0, 10)}.zip"`,
      'cache-control': 'no-store, no-transform',
      'content-length': lengthBytes,
      [keptContentLength]: lengthBytes,
    },
  });
}

/** Everything that can be played of each, finished or not; ids of which there is nothing. */
async function collect(control: Control, ids: readonly string[]): Promise<{ entries: Entry[]; missing: string[] }> {
  const entries: Entry[] = [];
  const missing: string[] = [];
  const taken = new Set<string>();
  for (const id of ids) {
    const files = await filesOf(control, id);
    if (files.length === 0) missing.push(id);
    for (const { file, medium, part } of files) {
      const base = fileName(file).slice(0, -file.extension.length - 1);
      const name = [base, medium === 'camera' ? '' : medium, part === 1 ? '' : `part${part}`].filter(Boolean).join('_');
      const { stoppedAt, requestedAt } = file.recording;
      entries.push({
        name: unique(name, file.extension, taken),
        lastModified: stoppedAt ?? requestedAt,
        file,
      });
    }
  }
  return { entries, missing };
}

async function filesOf(control: Control, id: string) {
  const media = await mediaOf(control, id);
  return Promise.all(
    media.map(async ({ url, medium, part }) => {
      const query = mediaQuerySchema.parse(Object.fromEntries(new URL(url, 'http://localhost').searchParams));
      return { medium, part, file: await openMedia(control, id, query) };
    }),
  );
}

async function mediaOf(control: Control, id: string): Promise<Recording['media']> {
  try {
    return (await getRecording(control, id)).media;
  } catch (error) {
    // Deleted since the list was shown.
    if (error instanceof ProblemError && error.status === 404) return [];
    throw error;
  }
}

/** Also where file names have no case. */
function unique(name: string, extension: string, taken: Set<string>): string {
  for (let turn = 1; ; turn++) {
    const candidate = `${turn === 1 ? name : `${name}_${turn}`}.${extension}`;
    if (taken.has(candidate.toLowerCase())) continue;
    taken.add(candidate.toLowerCase());
    return candidate;
  }
}

function noteOf(missing: readonly string[]): { name: string; input: string } {
  const lines = ['Nothing was recorded of these, or they were deleted meanwhile:', ...missing, ''];
  return { name: 'not-included.txt', input: lines.join('\n') };
}

function stream(control: Control, entries: readonly Entry[], note: readonly { name: string; input: string }[]) {
  const gone = new AbortController();
  const zip = makeZip(inputs(control, entries, note, gone.signal)).getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(output) {
        try {
          const { done, value } = await zip.read();
          if (done) output.close();
          else output.enqueue(value);
        } catch (error) {
          control.log.warn({ error: describeError(error) }, 'archive.cut-short');
          // The connection is cut: a short archive would be taken for a whole one.
          output.error(error);
        }
      },
      cancel: () => gone.abort(),
    },
    { highWaterMark: 0 },
  );
}

/** The next file is opened when the one before it is read. */
function* inputs(
  control: Control,
  entries: readonly Entry[],
  note: readonly { name: string; input: string }[],
  gone: AbortSignal,
) {
  yield* note;
  for (const { name, lastModified, file } of entries) yield { name, lastModified, input: bytesOf(control, file, gone) };
}

async function* bytesOf(control: Control, file: MediaFile, gone: AbortSignal): AsyncGenerator<Uint8Array> {
  gone.throwIfAborted();
  const range = { startByte: 0, endByte: file.sizeBytes - 1 };
  const reader = streamPieces(control.store, file.pieces, range, () => {}).getReader();
  const stop = () => void reader.cancel();
  gone.addEventListener('abort', stop, { once: true });
  let sizeBytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      sizeBytes += value.length;
      yield value;
    }
  } finally {
    gone.removeEventListener('abort', stop);
  }
  if (sizeBytes !== file.sizeBytes) throw new Error(`The store gave ${sizeBytes} of ${file.sizeBytes} bytes.`);
}
