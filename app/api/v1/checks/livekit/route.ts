import { checkLiveKit } from '../../../../_control/checks/check-livekit.ts';
import { handle } from '../../../../_control/http/handle.ts';

/** Its answer names addresses and settings. */
export const POST = handle({ access: 'settings:write', run: ({ control }) => checkLiveKit(control) });
