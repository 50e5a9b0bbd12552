import { z } from 'zod';
import { idSchema, mediaQuerySchema } from '../../../../../_control/api.ts';
import { handle } from '../../../../../_control/http/handle.ts';
import { deliverMedia } from '../../../../../_control/media/deliver-media.ts';
import { openMedia } from '../../../../../_control/media/media-file.ts';

/** Played by pages and fetched by scripts; works while recording too. */
export const GET = handle({
  access: 'recordings:read',
  params: z.object({ id: idSchema }),
  what: 'recording',
  query: mediaQuerySchema,
  async run({ control, request, params, query }) {
    const file = await openMedia(control, params.id, query);
    return deliverMedia(control, file, request, { download: query.download === '1', cache: 'private, no-cache' });
  },
});

export const HEAD = GET;
