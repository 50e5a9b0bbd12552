import { demoParticipantRequestSchema } from '../../../_control/api.ts';
import { handle } from '../../../_control/http/handle.ts';
import { notFound } from '../../../_control/problem-error.ts';

/** Embedded installations only. */
export const POST = handle({
  access: 'rooms:join',
  body: demoParticipantRequestSchema,
  status: 201,
  async run({ control, body }) {
    if (!control.environment.embedded) throw notFound('address');
    return control.demo.add(body);
  },
});
