import { z } from 'zod';
import { idSchema, previewQuerySchema } from '../api.ts';
import { type Handler, handle } from '../http/handle.ts';
import type { PreviewKind } from '../object-prefix.ts';
import { openPreview } from './preview-file.ts';
import { serveMedia } from './serve-media.ts';

/** Poster or storyboard, for whoever may watch the recording. */
export function previewRoute(kind: PreviewKind): Handler {
  return handle({
    access: 'recordings:read',
    params: z.object({ id: idSchema }),
    what: 'recording',
    query: previewQuerySchema,
    async run({ control, request, params }) {
      const file = await openPreview(control, params.id, kind);
      // Its address names its version.
      return serveMedia(control, file, request, { download: false, cache: 'private, max-age=86400' });
    },
  });
}
