import { z } from 'zod';
import { idSchema, storyboardQuerySchema } from '../../../../../_control/api.ts';
import { handle } from '../../../../../_control/http/handle.ts';
import { describeStoryboard } from '../../../../../_control/media/preview-file.ts';

/** Which part of `storyboard` shows which time. */
export const GET = handle({
  access: 'recordings:read',
  params: z.object({ id: idSchema }),
  what: 'recording',
  query: storyboardQuerySchema,
  async run({ control, params, query }) {
    const cues = await describeStoryboard(control, params.id, query.fromMs);
    return new Response(cues, {
      headers: { 'content-type': 'text/vtt; charset=utf-8', 'cache-control': 'private, max-age=86400' },
    });
  },
});
