import { z } from 'zod';
import { idSchema } from '../../../../_control/api.ts';
import { deleteRecording } from '../../../../_control/delete-recording.ts';
import { getRecording } from '../../../../_control/get-recording.ts';
import { handle } from '../../../../_control/http/handle.ts';

const params = z.object({ id: idSchema });

export const GET = handle({
  access: 'recordings:read',
  params,
  what: 'recording',
  run: ({ control, params }) => getRecording(control, params.id),
});

export const DELETE = handle({
  access: 'recordings:write',
  params,
  what: 'recording',
  run: ({ control, params }) => deleteRecording(control, params.id),
  note: ({ params }) => ({ action: 'recording.deleted', recordingId: params.id }),
});
