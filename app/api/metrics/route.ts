import { handle } from '../../_control/http/handle.ts';
import { collectMetrics } from '../../_control/metrics.ts';

export const GET = handle({
  access: 'system:read',
  async run({ control }) {
    const { contentType, text } = await collectMetrics(control);
    return new Response(text, { headers: { 'content-type': contentType, 'cache-control': 'no-store' } });
  },
});
