import * as api from '../api.ts';
import { oembedQuerySchema } from '../oembed-query.ts';
import { type Operations, page } from './operation.ts';

export const sharingOperations: Operations = {
  '/api/v1/recordings/{id}/shares': {
    get: {
      summary: 'Share links of a recording, newest first',
      query: api.pageQuerySchema,
      answer: page(api.shareSchema),
      problems: [400, 404],
    },
    post: {
      summary: 'Create a share link; its address is answered this once',
      body: api.createShareRequestSchema,
      status: 201,
      answer: api.createdShareSchema,
      problems: [400, 404, 413, 415],
    },
  },
  '/api/v1/shares/{id}': { delete: { summary: 'Revoke a share link', answer: api.shareSchema, problems: [404] } },
  '/api/oembed': {
    get: {
      summary: 'How a site may show a share link (oembed.com)',
      open: true,
      query: oembedQuerySchema,
      answer: 'application/json',
      problems: [400, 404],
    },
  },
};
