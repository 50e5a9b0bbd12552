import { z } from 'zod';
import * as api from '../api.ts';
import { type Operations, page } from './operation.ts';

export const roomOperations: Operations = {
  '/api/v1/rooms': {
    get: {
      summary: 'Live rooms with participants and tracks',
      answer: page(api.liveRoomSchema).extend({ livekit: z.enum(['up', 'down']) }),
    },
  },
  '/api/v1/rooms/{room}/viewer-token': {
    post: {
      summary: 'A short-lived token to watch a room unseen',
      answer: api.viewerTokenSchema,
      problems: [404, 503],
    },
  },
  '/api/v1/rooms/{room}/join-token': {
    post: {
      summary: 'A short-lived token to take part (embedded installations)',
      body: api.joinTokenRequestSchema,
      answer: api.viewerTokenSchema,
      problems: [400, 404],
    },
  },
  '/api/v1/demo-participants': {
    post: {
      summary: 'Add a synthetic participant (embedded installations)',
      body: api.demoParticipantRequestSchema,
      status: 201,
      answer: api.demoParticipantSchema,
      problems: [400, 404, 409, 429],
    },
  },
};
