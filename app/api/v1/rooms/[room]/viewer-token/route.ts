import { z } from 'zod';
import { roomInPathSchema } from '../../../../../_control/api.ts';
import { handle } from '../../../../../_control/http/handle.ts';
import { createViewerToken } from '../../../../../_control/livekit/browser-token.ts';
import { notFound } from '../../../../../_control/problem-error.ts';

/** To watch a live room unseen. */
export const POST = handle({
  access: 'rooms:read',
  params: z.object({ room: roomInPathSchema }),
  what: 'room',

  async run({ control, params }) {
    if (!(await control.livekit.hasRoom(params.room))) throw notFound('room');
    return createViewerToken(control.environment, params.room);
  },
});
