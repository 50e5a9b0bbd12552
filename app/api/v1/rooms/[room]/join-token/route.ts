import { z } from 'zod';
import { joinTokenRequestSchema, roomInPathSchema } from '../../../../../_control/api.ts';
import { handle } from '../../../../../_control/http/handle.ts';
import { createJoinToken } from '../../../../../_control/livekit/browser-token.ts';
import { notFound } from '../../../../../_control/problem-error.ts';

/** To take part from a page; the room is made by joining. Embedded installations only. */
export const POST = handle({
  access: 'rooms:join',
  params: z.object({ room: roomInPathSchema }),
  what: 'room',
  body: joinTokenRequestSchema,
  async run({ control, params, body }) {
    if (!control.environment.embedded) throw notFound('address');
    return createJoinToken(control.environment, params.room, body.identity);
  },
});
