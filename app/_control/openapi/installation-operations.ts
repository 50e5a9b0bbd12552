import * as api from '../api.ts';
import * as settings from '../settings-api.ts';
import { type Operations, page } from './operation.ts';

export const installationOperations: Operations = {
  '/api/v1/settings/retention': {
    get: { summary: 'How long recordings are kept whose rule says nothing', answer: settings.retentionSchema },
    patch: {
      summary: 'Set it by hand; it counts for what is there already, too',
      body: settings.updateRetentionRequestSchema,
      answer: settings.retentionSchema,
      problems: [400, 413, 415],
    },
    delete: { summary: 'Back to what the environment says', answer: settings.retentionSchema },
  },
  '/api/v1/checks/livekit': {
    post: {
      summary: 'Whether LiveKit can be reached, lets us in and sends webhooks; for admins',
      answer: settings.checkSchema,
    },
  },
  '/api/v1/checks/storage': {
    post: { summary: 'Write, read, read in part and delete a small object; for admins', answer: settings.checkSchema },
  },
  '/api/v1/workers': {
    get: { summary: 'Workers that ask for tasks, and what they hold', answer: page(settings.workerSchema) },
  },
  '/api/v1/formats': { get: { summary: 'Containers and codecs of this installation', answer: api.formatsSchema } },
  '/api/health': { get: { summary: 'Which parts are up; 503 when one is not', open: true, answer: api.healthSchema } },
  '/api/metrics': { get: { summary: 'Prometheus figures', answer: 'text/plain' } },
  '/api/v1/openapi.json': { get: { summary: 'This description', answer: 'application/json' } },
};
