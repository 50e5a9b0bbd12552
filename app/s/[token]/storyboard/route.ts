import { openPreview } from '../../../_control/media/preview-file.ts';
import { serveMedia } from '../../../_control/media/serve-media.ts';
import { sharedPreviewRoute } from '../../../_control/media/shared-preview-route.ts';

export const GET = sharedPreviewRoute(async ({ control, request, recordingId }) => {
  const file = await openPreview(control, recordingId, 'storyboard');
  return serveMedia(control, file, request, { download: false, cache: 'no-store' });
});
export const HEAD = GET;
