import { mediaQuerySchema } from '../../../_control/api.ts';
import { viewerCookie } from '../../../_control/http/cookies.ts';
import { handle } from '../../../_control/http/handle.ts';
import { passQuery, readPass, shareParamsSchema } from '../../../_control/http/share-request.ts';
import { deliverMedia } from '../../../_control/media/deliver-media.ts';
import { openMedia } from '../../../_control/media/media-file.ts';
import { notFound } from '../../../_control/problem-error.ts';
import { viewShare } from '../../../_control/view-share.ts';

/**
 * What a share link plays. The token is the access rule, asked for every range: revoked, expired, used up and unknown
 * are the same 404, at once.
 */
export const GET = handle({
  access: 'anyone',
  params: shareParamsSchema,
  what: 'share',
  query: mediaQuerySchema.extend(passQuery),
  async run({ control, request, params, query }) {
    const pass = readPass(request, query);
    const download = query.download === '1';
    // HEAD looks, and is no view.
    const view = await viewShare(control, params.token, { pass, download, counts: request.method !== 'HEAD' });
    if (!view) throw notFound('share');
    const file = await openMedia(control, view.recordingId, query);
    const response = await deliverMedia(control, file, request, { download, cache: 'no-store' });
    if (view.newPass) {
      response.headers.append('set-cookie', viewerCookie(control.environment, params.token, view.newPass));
    }
    return response;
  },
});

export const HEAD = GET;
