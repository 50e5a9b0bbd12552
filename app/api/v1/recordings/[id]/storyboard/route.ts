import { previewRoute } from '../../../../../_control/media/preview-route.ts';

export const GET = previewRoute('storyboard');
export const HEAD = GET;
