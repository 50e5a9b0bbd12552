import { z } from 'zod';
import { mediaQuerySchema } from '../../../_control/api.ts';
import { readCookie, viewerCookie, viewerCookieName } from '../../../_control/http/cookies.ts';
import { handle } from '../../../_control/http/handle.ts';
import { openMedia } from '../../../_control/media/media-file.ts';
import { serveMedia } from '../../../_control/media/serve-media.ts';
import { notFound } from '../../../_control/problem-error.ts';
import { peekShare, viewShare } from '../../../_control/shares.ts';

/**
 * What a share link plays. The token is the access rule, asked for every range: revoked, expired, used up and unknown
 * are the same 404, at once.
 */
export const GET = handle({
  access: 'anyone',
  params: z.object({ token: z.string().max(200) }),
  query: mediaQuerySchema,
  async run({ control, request, params, query }) {
    const cookie = readCookie(request, viewerCookieName);
    // HEAD looks, and is no view.
    const view =
      request.method === 'HEAD'
        ? await peekShare(control, params.token, cookie)
        : await viewShare(control, params.token, cookie);
    if (!view) throw notFound('share');
    const file = await openMedia(control, view.recordingId, query);
    const download = query.download === '1' && view.allowDownload;
    const response = serveMedia(control, file, request, { download, cache: 'no-store' });
    if (view.newViewerCookie) {
      response.headers.append('set-cookie', viewerCookie(control.environment, params.token, view.newViewerCookie));
    }
    return response;
  },
});

export const HEAD = GET;
