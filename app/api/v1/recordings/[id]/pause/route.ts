import { z } from 'zod';
import { idSchema } from '../../../../../_control/api.ts';
import { pauseRecording } from '../../../../../_control/command-recording.ts';
import { handle } from '../../../../../_control/http/handle.ts';

export const POST = handle({
  access: 'recordings:write',
  params: z.object({ id: idSchema }),
  what: 'recording',
  run: ({ control, params }) => pauseRecording(control, params.id),
  note: ({ params }) => ({ action: 'recording.paused', recordingId: params.id }),
});
