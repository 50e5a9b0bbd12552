/** A media file → the answer to a GET or HEAD, with ranges (RFC 9110, 14) and preconditions (13). */
import type { Control } from '../control.ts';
import { describeError } from '../http/describe-error.ts';
import { keptContentLength } from '../http/keep-content-length.ts';
import { ProblemError } from '../problem-error.ts';
import type { MediaFile } from './media-file.ts';
import { parseRange } from './parse-range.ts';
import { streamPieces } from './stream-pieces.ts';

export interface ServeOptions {
  /** Offer it as a file to keep. */
  download: boolean;
  /**
   * `private`: whoever is signed in (for a day: what never changes below its address); `no-store`: a share, which may be
   * revoked before the next range.
   */
  cache: 'private, no-cache' | 'private, max-age=86400' | 'no-store';
}

export function serveMedia(control: Control, file: MediaFile, request: Request, options: ServeOptions): Response {
  const headers = new Headers({
    'accept-ranges': 'bytes',
    'content-type': file.contentType,
    'cache-control': `${options.cache}, no-transform`,
    etag: file.etag,
    // A browser may show it by itself; nothing in it runs.
    'content-security-policy':
      "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  });
  const disposition = dispositionOf(file, options);
  if (disposition !== undefined) headers.set('content-disposition', disposition);
  if (matchesAny(request.headers.get('if-none-match'), file.etag)) return new Response(null, { status: 304, headers });
  if (file.pieces.length === 0) return new Response(null, { status: 204, headers });

  const range = parseRange(wantedRange(request, file), file.sizeBytes);
  if (range === 'unsatisfiable') {
    throw new ProblemError('range-not-satisfiable', `The media has ${file.sizeBytes} bytes.`, {
      headers: { 'content-range': `bytes */${file.sizeBytes}`, 'accept-ranges': 'bytes' },
    });
  }
  const { startByte, endByte } = range === 'whole' ? { startByte: 0, endByte: file.sizeBytes - 1 } : range;
  headers.set('content-length', String(endByte - startByte + 1));
  headers.set(keptContentLength, String(endByte - startByte + 1));
  if (range !== 'whole') headers.set('content-range', `bytes ${startByte}-${endByte}/${file.sizeBytes}`);
  const status = range === 'whole' ? 200 : 206;
  if (request.method === 'HEAD') return new Response(null, { status, headers });
  const body = streamPieces(control.store, file.pieces, { startByte, endByte }, (error) =>
    control.log.warn({ recordingId: file.recording.id, error: describeError(error) }, 'media.cut-short'),
  );
  return new Response(body, { status, headers });
}

export function dispositionOf(file: MediaFile, options: ServeOptions): string | undefined {
  return options.download ? `attachment; filename="${fileName(file)}"` : undefined;
}

/** A range that was meant for another version of the file (If-Range) is none. HEAD has none either (14.2). */
function wantedRange(request: Request, file: MediaFile): string | null {
  const ifRange = request.headers.get('if-range');
  if (request.method !== 'GET' || (ifRange !== null && ifRange !== file.etag)) return null;
  return request.headers.get('range');
}

function matchesAny(header: string | null, etag: string): boolean {
  if (header === null) return false;
  return header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

/** Letters, digits and dashes of the names, and when it was: safe on every system, whatever the names hold. */
export function fileName({ recording, extension }: Pick<MediaFile, 'recording' | 'extension'>): string {
  const plain = (name: string) =>
    name
      .normalize('NFKD')
      .replace(/\p{M}+/gu, '')
      .replace(/[^A-Za-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40);
  const when = (recording.startedAt ?? recording.requestedAt).toISOString().slice(0, 19).replace(/[:T]/g, '-');
  const parts = [plain(recording.room), plain(recording.identity), when].filter((part) => part !== '');
  return `${parts.join('_')}.${extension}`;
}
