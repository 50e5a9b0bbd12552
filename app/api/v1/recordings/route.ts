import { noteActions } from '../../../_control/actions.ts';
import { startRecordingRequestSchema } from '../../../_control/api.ts';
import { answerOnce } from '../../../_control/http/answer-once.ts';
import { handle } from '../../../_control/http/handle.ts';
import { listRecordings } from '../../../_control/list-recordings.ts';
import { listRecordingsQuerySchema } from '../../../_control/recordings-api.ts';
import { startRecording } from '../../../_control/start-recording.ts';

export const GET = handle({
  access: 'recordings:read',
  query: listRecordingsQuerySchema,
  run: ({ control, query }) => listRecordings(control, query),
});

export const POST = handle({
  access: 'recordings:write',
  body: startRecordingRequestSchema,
  async run({ control, request, body, caller }) {
    const origin = caller.kind === 'api-key' ? 'api' : 'user';
    const answer = await answerOnce(control, { request, caller, body }, async (inTransaction) => {
      const recording = await startRecording(inTransaction, body, origin);
      await noteActions(inTransaction, caller, [{ action: 'recording.started', recordingId: recording.id }]);
      return {
        status: 201,
        body: recording,
        headers: { location: `/api/v1/recordings/${recording.id}`, 'cache-control': 'no-store' },
      };
    });
    return Response.json(answer.body, answer);
  },
});
