import { startRecordingRequestSchema } from '../../../_control/api.ts';
import { handle } from '../../../_control/http/handle.ts';
import { listRecordings } from '../../../_control/list-recordings.ts';
import { listRecordingsQuerySchema } from '../../../_control/recordings-api.ts';
import { startRecording } from '../../../_control/start-recording.ts';

export const GET = handle({
  access: 'viewer',
  query: listRecordingsQuerySchema,
  run: ({ control, query }) => listRecordings(control, query),
});

export const POST = handle({
  access: 'operator',
  body: startRecordingRequestSchema,
  async run({ control, body, caller }) {
    const recording = await startRecording(control, body, caller.kind === 'api-key' ? 'api' : 'user');
    return Response.json(recording, {
      status: 201,
      headers: { location: `/api/v1/recordings/${recording.id}`, 'cache-control': 'no-store' },
    });
  },
});
