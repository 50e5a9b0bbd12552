import { previewRoute } from '../../../../../_control/media/preview-route.ts';

export const GET = previewRoute('poster');
export const HEAD = GET;
