import { z } from 'zod';
import { idSchema, resumeRecordingRequestSchema } from '../../../../../_control/api.ts';
import { resumeRecording } from '../../../../../_control/command-recording.ts';
import { handle } from '../../../../../_control/http/handle.ts';

export const POST = handle({
  access: 'recordings:write',
  params: z.object({ id: idSchema }),
  what: 'recording',
  body: resumeRecordingRequestSchema,
  bodyIsOptional: true,
  run: ({ control, params, body }) => resumeRecording(control, params.id, body),
  note: ({ params }) => ({ action: 'recording.resumed', recordingId: params.id }),
});
