import { storyboardQuerySchema } from '../api.ts';
import type { Control } from '../control.ts';
import { type Handler, handle } from '../http/handle.ts';
import { passQuery, readPass, shareParamsSchema } from '../http/share-request.ts';
import { notFound } from '../problem-error.ts';
import { viewShare } from '../view-share.ts';

interface SharedPreview {
  control: Control;
  request: Request;
  recordingId: string;
  /** As it stands in the address: in another site's frame there is no cookie that would hold it. */
  pass: string | undefined;
  /** Of the storyboard's cues. */
  fromMs: number;
}

/** A picture of what is shared, for whoever may watch it: looking at it is no view. */
export function sharedPreviewRoute(serve: (preview: SharedPreview) => Promise<Response>): Handler {
  return handle({
    access: 'anyone',
    params: shareParamsSchema,
    what: 'share',
    query: storyboardQuerySchema.extend(passQuery),
    async run({ control, request, params, query }) {
      const view = await viewShare(control, params.token, { pass: readPass(request, query), counts: false });
      if (!view) throw notFound('share');
      return serve({ control, request, recordingId: view.recordingId, pass: query.pass, fromMs: query.fromMs });
    },
  });
}
