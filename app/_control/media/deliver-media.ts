/**
 * Media for who may have it: through this process, or, where the installation wants that (MEDIA_DELIVERY=redirect), from the
 * store itself by an address that is good for a while. Only finished files have one: what grows is many objects.
 */
import type { Control } from '../control.ts';
import { PRESIGNED_MS } from '../timing.ts';
import type { MediaFile } from './media-file.ts';
import { dispositionOf, type ServeOptions, serveMedia } from './serve-media.ts';

export async function deliverMedia(
  control: Control,
  file: MediaFile,
  request: Request,
  options: ServeOptions,
): Promise<Response> {
  const [piece] = file.pieces;
  const redirects = control.environment.mediaDelivery === 'redirect' && file.finished && request.method === 'GET';
  if (!redirects || !piece || !control.store.presign) return serveMedia(control, file, request, options);
  const location = await control.store.presign(piece.key, {
    validMs: PRESIGNED_MS,
    contentType: file.contentType,
    contentDisposition: dispositionOf(file, options),
  });
  return new Response(null, { status: 302, headers: { location, 'cache-control': 'no-store' } });
}
