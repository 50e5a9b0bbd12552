import { checkHealth } from '../../_control/health.ts';
import { handle } from '../../_control/http/handle.ts';

/** For load balancers and the start script: open to anyone, and without addresses or reasons. */
export const GET = handle({
  access: 'anyone',
  async run({ control }) {
    const health = await checkHealth(control);
    return Response.json(health, {
      status: health.status === 'up' ? 200 : 503,
      headers: { 'cache-control': 'no-store' },
    });
  },
});
