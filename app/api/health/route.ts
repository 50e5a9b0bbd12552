import { recentHealth } from '../../_control/health.ts';
import { handle } from '../../_control/http/handle.ts';

/** For load balancers and the start script: open to anyone, and without addresses or reasons. */
export const GET = handle({
  access: 'anyone',
  async run({ control }) {
    // Anybody may ask, as often as they like: the parts are asked once a second.
    const health = await recentHealth(control, 1_000);
    return Response.json(health, {
      status: health.status === 'up' ? 200 : 503,
      headers: { 'cache-control': 'no-store' },
    });
  },
});
