import { z } from 'zod';
import { idSchema } from '../../../../_control/api.ts';
import { handle } from '../../../../_control/http/handle.ts';
import { revokeShare } from '../../../../_control/shares.ts';

/** Answers the revoked share. */
export const DELETE = handle({
  access: 'shares:write',
  params: z.object({ id: idSchema }),
  what: 'share',
  run: ({ control, params }) => revokeShare(control, params.id),
  note: (_, { id, label, recordingId }) => ({ action: 'share.revoked', subject: { id, name: label }, recordingId }),
});
