import { handle } from '../../../../_control/http/handle.ts';
import { serveArchive } from '../../../../_control/media/archive.ts';
import { archiveQuerySchema } from '../../../../_control/recordings-api.ts';

export const GET = handle({
  access: 'recordings:read',
  query: archiveQuerySchema,
  run: ({ control, query }) => serveArchive(control, query.ids),
});
