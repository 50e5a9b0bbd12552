import { handle } from '../../../_control/http/handle.ts';
import { describeApi } from '../../../_control/openapi.ts';

export const GET = handle({ access: 'known', run: async ({ control }) => describeApi(control.environment.publicUrl) });
