import { z } from 'zod';
import { idSchema } from '../../../../../_control/api.ts';
import { stopRecording } from '../../../../../_control/command-recording.ts';
import { handle } from '../../../../../_control/http/handle.ts';

export const POST = handle({
  access: 'recordings:write',
  params: z.object({ id: idSchema }),
  what: 'recording',
  run: ({ control, params }) => stopRecording(control, params.id),
  note: ({ params }) => ({ action: 'recording.stopped', recordingId: params.id }),
});
