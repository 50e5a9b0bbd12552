import { handle } from '../../../../_control/http/handle.ts';
import { getRetention, resetRetention, setRetention } from '../../../../_control/retention.ts';
import { updateRetentionRequestSchema } from '../../../../_control/settings-api.ts';

export const GET = handle({ access: 'system:read', run: ({ control }) => getRetention(control) });

export const PATCH = handle({
  access: 'settings:write',
  body: updateRetentionRequestSchema,
  run: ({ control, body }) => setRetention(control, body.retainDays),
  note: () => ({ action: 'retention.changed' }),
});

/** Back to what the environment says. */
export const DELETE = handle({
  access: 'settings:write',
  status: 200,
  run: ({ control }) => resetRetention(control),
  note: () => ({ action: 'retention.changed' }),
});
