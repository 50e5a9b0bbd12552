import { ProblemError } from '../problem-error.ts';

/** The body, at most so long; longer ones are not read to their end. */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = () => new ProblemError('too-large', `The body may have ${maxBytes} bytes at most.`);
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  const reader = request.body?.getReader();
  if (!reader) return new Uint8Array();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    sizeBytes += value.byteLength;
    if (sizeBytes > maxBytes) {
      await reader.cancel();
      throw tooLarge();
    }
    chunks.push(value);
  }
  return Buffer.concat(chunks);
}

/** @param ifEmpty what stands for no body at all; unset: there must be one */
export async function readJson(request: Request, maxBytes: number, ifEmpty?: unknown): Promise<unknown> {
  const body = await readBody(request, maxBytes);
  if (body.length === 0 && ifEmpty !== undefined) return ifEmpty;
  assertContentType(request, 'application/json');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new ProblemError('bad-request', 'The body is not JSON. Check quotes, commas and brackets.');
  }
}

export function assertContentType(request: Request, wanted: string): void {
  const given = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (given !== wanted) throw new ProblemError('unsupported-media-type', `Send it with content-type ${wanted}.`);
}
