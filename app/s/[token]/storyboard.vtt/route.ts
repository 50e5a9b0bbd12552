import { describeStoryboard } from '../../../_control/media/preview-file.ts';
import { sharedPreviewRoute } from '../../../_control/media/shared-preview-route.ts';

/** Its picture is beside it, and asks for the same pass. */
export const GET = sharedPreviewRoute(async ({ control, recordingId, pass, fromMs }) => {
  const cues = await describeStoryboard(control, recordingId, fromMs);
  const query = pass === undefined ? '?' : `?pass=${encodeURIComponent(pass)}&`;
  return new Response(cues.replaceAll('storyboard?', `storyboard${query}`), {
    headers: { 'content-type': 'text/vtt; charset=utf-8', 'cache-control': 'no-store' },
  });
});
