import { deleteRecordings } from '../../../../_control/delete-recording.ts';
import { handle } from '../../../../_control/http/handle.ts';
import { deleteRecordingsRequestSchema } from '../../../../_control/recordings-api.ts';

export const POST = handle({
  access: 'recordings:write',
  body: deleteRecordingsRequestSchema,
  run: async ({ control, body }) => ({ items: await deleteRecordings(control, body.ids) }),
  note: (_, { items }) =>
    items
      .filter(({ outcome }) => outcome === 'deleted')
      .map(({ id }) => ({ action: 'recording.deleted', recordingId: id })),
});
