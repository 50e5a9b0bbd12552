import * as api from '../api.ts';
import { historySchema } from '../history-api.ts';
import * as recordingsApi from '../recordings-api.ts';
import { type Operations, page } from './operation.ts';

export const recordingOperations: Operations = {
  '/api/v1/recordings': {
    get: {
      summary: 'Recordings, filtered, searched, in an order of your choice',
      query: recordingsApi.listRecordingsQuerySchema,
      answer: page(api.recordingSchema),
      problems: [400],
    },
    post: {
      summary: 'Start recording a participant',
      headers: {
        'Idempotency-Key':
          'Any text of yours, up to 255 characters. The same key with the same body is answered the same for 24 hours, and ' +
          'starts nothing twice; with another body it is refused with 422.',
      },
      body: api.startRecordingRequestSchema,
      status: 201,
      answer: api.recordingSchema,
      problems: [400, 404, 409, 413, 415, 422, 503],
    },
  },
  '/api/v1/recordings/active': {
    get: { summary: 'Recordings that are not over', answer: page(api.recordingSchema) },
  },
  '/api/v1/recordings/archive': {
    get: {
      summary: 'Several recordings as one ZIP',
      description:
        'Everything that can be played of each, stored and not compressed. Recordings of which there is nothing are named ' +
        'in `not-included.txt`.',
      query: recordingsApi.archiveQuerySchema,
      answer: 'application/zip',
      problems: [400, 404],
    },
  },
  '/api/v1/recordings/delete': {
    post: {
      summary: 'Delete several recordings that are over, with their media',
      description: 'Each for itself: the answer says of each whether it was deleted, and if not, why.',
      body: recordingsApi.deleteRecordingsRequestSchema,
      answer: page(recordingsApi.deletedRecordingSchema).omit({ nextCursor: true }),
      problems: [400, 413, 415],
    },
  },
  '/api/v1/recordings/{id}': {
    get: { summary: 'A recording', answer: api.recordingSchema, problems: [404] },
    delete: { summary: 'Delete a recording that is over, with its media', status: 204, problems: [404, 409] },
  },
  '/api/v1/recordings/{id}/stop': {
    post: { summary: 'Stop; stopping what has stopped is no error', answer: api.recordingSchema, problems: [404] },
  },
  '/api/v1/recordings/{id}/pause': {
    post: {
      summary: 'Pause; pausing what is paused is no error',
      description:
        'Nothing is recorded until `resume` (or `stop`), which also says whether time goes on during the pause or is cut ' +
        'out. The participant stays subscribed to, so recording goes on at once. `status` says `paused` when the recorder ' +
        'has obeyed, which takes a moment.',
      answer: api.recordingSchema,
      problems: [404, 409],
    },
  },
  '/api/v1/recordings/{id}/resume': {
    post: {
      summary: 'Go on after a pause; resuming what is not paused is no error',
      description:
        'Sound goes on at once, video with the next keyframe, which is asked for. Without a body time went on: the pause is ' +
        'a hole in the recording. With `{"cutTime": true}` the pause is left out. Either way it is one of `gaps`, with the ' +
        'reason `paused`.',
      body: api.resumeRecordingRequestSchema,
      bodyIsOptional: true,
      answer: api.recordingSchema,
      problems: [400, 404, 409, 413, 415],
    },
  },
  '/api/v1/recordings/{id}/media': {
    get: {
      summary: 'The media, whole or a byte range; works while recording too',
      query: api.mediaQuerySchema,
      answer: 'video/*',
      problems: [400, 404, 416],
    },
  },
  '/api/v1/recordings/{id}/poster': {
    get: {
      summary: 'A picture of it, made a moment after it is ready',
      query: api.previewQuerySchema,
      answer: 'image/jpeg',
      problems: [400, 404],
    },
  },
  '/api/v1/recordings/{id}/storyboard.vtt': {
    get: {
      summary: 'Small pictures over time, for players: which part of `storyboard` shows which time',
      query: api.storyboardQuerySchema,
      answer: 'text/vtt',
      problems: [400, 404],
    },
  },
  '/api/v1/recordings/{id}/storyboard': {
    get: {
      summary: 'The small pictures of `storyboard.vtt`, side by side',
      query: api.previewQuerySchema,
      answer: 'image/jpeg',
      problems: [400, 404],
    },
  },
  '/api/v1/recordings/{id}/history': {
    get: {
      summary: 'How it went: rates over time, attempts, states',
      answer: historySchema,
      problems: [404],
    },
  },
  '/api/v1/recordings/{id}/events': {
    get: { summary: 'Server-sent events of one recording', answer: 'text/event-stream', problems: [404, 429] },
  },
  '/api/v1/events': {
    get: { summary: 'Server-sent events of everything', answer: 'text/event-stream', problems: [429] },
  },
};
