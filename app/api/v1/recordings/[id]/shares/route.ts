import { z } from 'zod';
import { createShareRequestSchema, idSchema, pageQuerySchema } from '../../../../../_control/api.ts';
import { handle } from '../../../../../_control/http/handle.ts';
import { createShare, listShares } from '../../../../../_control/shares.ts';

const params = z.object({ id: idSchema });

export const GET = handle({
  access: 'recordings:read',
  params,
  what: 'recording',
  query: pageQuerySchema,
  run: ({ control, params, query }) => listShares(control, params.id, query),
});

export const POST = handle({
  access: 'shares:write',
  params,
  what: 'recording',
  body: createShareRequestSchema,
  status: 201,
  run: ({ control, params, body }) => createShare(control, params.id, body),
  note: ({ params }, { id, label }) => ({
    action: 'share.created',
    subject: { id, name: label },
    recordingId: params.id,
  }),
});
