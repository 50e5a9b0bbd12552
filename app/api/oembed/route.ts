import { handle } from '../../_control/http/handle.ts';
import { describeForEmbedding } from '../../_control/oembed.ts';
import { oembedQuerySchema } from '../../_control/oembed-query.ts';

/** For sites that show a share link: the token in the address they ask about is the access rule. */
export const GET = handle({
  access: 'anyone',
  query: oembedQuerySchema,
  async run({ control, query }) {
    // As its specification wants it.
    if (query.format !== 'json') return new Response(null, { status: 501 });
    return describeForEmbedding(control, query);
  },
});
