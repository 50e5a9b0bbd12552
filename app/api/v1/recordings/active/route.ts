import { handle } from '../../../../_control/http/handle.ts';
import { listActiveRecordings } from '../../../../_control/list-recordings.ts';

export const GET = handle({ access: 'recordings:read', run: ({ control }) => listActiveRecordings(control) });
