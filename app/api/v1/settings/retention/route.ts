import { handle } from '../../../../_control/http/handle.ts';
import { getRetention, resetRetention, setRetention } from '../../../../_control/retention.ts';
import { updateRetentionRequestSchema } from '../../../../_control/settings-api.ts';

export const GET = handle({ access: 'viewer', run: ({ control }) => getRetention(control) });

export const PATCH = handle({
  access: 'admin',
  body: updateRetentionRequestSchema,
  run: ({ control, body }) => setRetention(control, body.retainDays),
});

/** Back to what the environment says. */
export const DELETE = handle({ access: 'admin', status: 200, run: ({ control }) => resetRetention(control) });
