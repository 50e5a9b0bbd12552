import { listFormats } from '../../../_control/formats.ts';
import { handle } from '../../../_control/http/handle.ts';

export const GET = handle({ access: 'known', run: async () => listFormats() });
