import { checkStorage } from '../../../../_control/checks/check-storage.ts';
import { handle } from '../../../../_control/http/handle.ts';

/** It writes, and its answer names the store. */
export const POST = handle({ access: 'settings:write', run: ({ control }) => checkStorage(control) });
