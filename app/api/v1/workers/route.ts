import { listWorkers } from '../../../_control/checks/list-workers.ts';
import { handle } from '../../../_control/http/handle.ts';

export const GET = handle({
  access: 'system:read',
  run: async ({ control }) => ({ items: await listWorkers(control), nextCursor: null }),
});
