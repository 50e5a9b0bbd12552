/** The API described by the schemas that check it (OpenAPI 3.1, whose schemas are JSON Schema 2020-12). */
import { z } from 'zod';
import * as api from './api.ts';
import { oembedQuerySchema } from './oembed-query.ts';
import * as recordingsApi from './recordings-api.ts';
import * as rules from './rules-api.ts';
import * as users from './users-api.ts';

interface Operation {
  summary: string;
  description?: string;
  query?: z.ZodType;
  body?: z.ZodType;
  bodyIsOptional?: boolean;
  status?: number;
  answer?: z.ZodType | string;
  /** Besides 401 and 403, which every operation has. */
  problems?: readonly number[];
}

const page = (item: z.ZodType) => api.pageOf(item);

const operations: Record<string, Record<string, Operation>> = {
  '/api/v1/recordings': {
    get: {
      summary: 'Recordings, filtered, searched, in an order of your choice',
      query: recordingsApi.listRecordingsQuerySchema,
      answer: page(api.recordingSchema),
      problems: [400],
    },
    post: {
      summary: 'Start recording a participant',
      body: api.startRecordingRequestSchema,
      status: 201,
      answer: api.recordingSchema,
      problems: [400, 404, 409, 413, 415, 503],
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
      query: api.previewQuerySchema,
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
  '/api/v1/recordings/{id}/events': {
    get: { summary: 'Server-sent events of one recording', answer: 'text/event-stream', problems: [404, 429] },
  },
  '/api/v1/events': {
    get: { summary: 'Server-sent events of everything', answer: 'text/event-stream', problems: [429] },
  },
  '/api/v1/recordings/{id}/shares': {
    get: { summary: 'Share links of a recording', answer: page(api.shareSchema), problems: [404] },
    post: {
      summary: 'Create a share link; its address is answered this once',
      body: api.createShareRequestSchema,
      status: 201,
      answer: api.createdShareSchema,
      problems: [400, 404, 413, 415],
    },
  },
  '/api/v1/shares/{id}': { delete: { summary: 'Revoke a share link', answer: api.shareSchema, problems: [404] } },
  '/api/v1/rules': {
    get: { summary: 'Auto-record rules', answer: page(api.ruleSchema) },
    post: {
      summary: 'Create a rule',
      body: api.createRuleRequestSchema,
      status: 201,
      answer: api.ruleSchema,
      problems: [400, 413, 415],
    },
  },
  '/api/v1/rules/test': {
    post: {
      summary: 'Whom a rule would record, without saving it',
      description:
        'Judges one participant, or everybody who is there now, by the rule as it was sent and by the enabled rules that come ' +
        'before it: the first that matches records. Nothing is changed.',
      body: rules.testRuleRequestSchema,
      answer: page(rules.ruleVerdictSchema),
      problems: [400, 413, 415],
    },
  },
  '/api/v1/rules/{id}': {
    get: { summary: 'A rule', answer: api.ruleSchema, problems: [404] },
    patch: {
      summary: 'Change a rule',
      body: api.updateRuleRequestSchema,
      answer: api.ruleSchema,
      problems: [400, 404, 413, 415],
    },
    delete: { summary: 'Delete a rule; its recordings stay', status: 204, problems: [404] },
  },
  '/api/v1/rooms': { get: { summary: 'Live rooms with participants and tracks', answer: page(api.liveRoomSchema) } },
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
  '/api/v1/formats': { get: { summary: 'Containers and codecs of this installation', answer: api.formatsSchema } },
  '/api/v1/users': {
    get: { summary: 'People who sign in; for admins', answer: page(users.userSchema) },
    post: {
      summary: 'Make a person and a link, shown this once, by which that person chooses a password',
      body: users.createUserRequestSchema,
      status: 201,
      answer: users.invitationSchema,
      problems: [400, 409, 413, 415],
    },
  },
  '/api/v1/users/{id}': {
    get: { summary: 'A person', answer: users.userSchema, problems: [404] },
    patch: {
      summary: 'Rename, give another role, disable or enable; another role ends the sessions',
      description: 'The last admin who can sign in is never lost: 409.',
      body: users.updateUserRequestSchema,
      answer: users.userSchema,
      problems: [400, 404, 409, 413, 415],
    },
    delete: { summary: 'Remove a person, with all sessions', status: 204, problems: [404, 409] },
  },
  '/api/v1/users/{id}/invitation': {
    post: {
      summary: 'A new link for who lost the invitation or the password; those before it work no more',
      status: 201,
      answer: users.invitationSchema,
      problems: [404, 409],
    },
  },
  '/api/v1/api-keys': {
    get: { summary: 'API keys, newest first; for admins', answer: page(users.apiKeySchema) },
    post: {
      summary: 'Create an API key; it is answered this once',
      body: users.createApiKeyRequestSchema,
      status: 201,
      answer: users.createdApiKeySchema,
      problems: [400, 409, 413, 415],
    },
  },
  '/api/v1/api-keys/{id}': { delete: { summary: 'Revoke an API key', answer: users.apiKeySchema, problems: [404] } },
  '/api/v1/account': {
    get: { summary: 'Who asks, and with which role', answer: users.accountSchema },
    patch: {
      summary: 'Change the own name',
      body: users.updateAccountRequestSchema,
      answer: users.accountSchema,
      problems: [400, 409, 413, 415],
    },
  },
  '/api/v1/account/password': {
    post: {
      summary: 'Change the own password; every other session ends',
      body: users.changePasswordRequestSchema,
      status: 204,
      problems: [400, 409, 413, 415, 429],
    },
  },
  '/api/v1/account/sessions': {
    get: { summary: 'Browsers that are signed in as who asks', answer: page(users.sessionSchema), problems: [409] },
    delete: { summary: 'Sign out everywhere else', status: 204, problems: [409] },
  },
  '/api/v1/account/sessions/{id}': { delete: { summary: 'Sign out one browser', status: 204, problems: [404, 409] } },
  '/api/oembed': {
    get: {
      summary: 'How a site may show a share link (oembed.com)',
      query: oembedQuerySchema,
      answer: 'application/json',
      problems: [400, 404],
    },
  },
  '/api/health': { get: { summary: 'Which parts are up; 503 when one is not', answer: api.healthSchema } },
  '/api/metrics': { get: { summary: 'Prometheus figures', answer: 'text/plain' } },
};

export function describeApi(publicUrl: string): object {
  const paths = Object.entries(operations).map(([path, methods]) => [
    path,
    {
      ...parametersOf(path),
      ...Object.fromEntries(Object.entries(methods).map(([method, operation]) => [method, describe(operation)])),
    },
  ]);
  return {
    openapi: '3.1.0',
    info: { title: 'Participant recorder', version: '1' },
    servers: [{ url: publicUrl }],
    security: [{ apiKey: [] }, { session: [] }],
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'recorder-session' },
      },
      schemas: { Problem: outputOf(api.problemSchema) },
    },
  };
}

function describe(operation: Operation): object {
  const { summary, description, query, body, bodyIsOptional = false, status = 200, answer, problems = [] } = operation;
  return {
    summary,
    ...(description && { description }),
    ...(query && { parameters: queryParameters(query) }),
    ...(body && {
      requestBody: { required: !bodyIsOptional, content: { 'application/json': { schema: inputOf(body) } } },
    }),
    responses: {
      [status]: {
        description: 'Done',
        ...(answer && {
          content: typeof answer === 'string' ? { [answer]: {} } : { 'application/json': { schema: outputOf(answer) } },
        }),
      },
      ...Object.fromEntries(
        [401, 403, ...problems].map((code) => [
          code,
          {
            description: 'A problem (RFC 9457)',
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
          },
        ]),
      ),
    },
  };
}

function parametersOf(path: string): object {
  const names = [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => (name ? [name] : []));
  if (names.length === 0) return {};
  return { parameters: names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })) };
}

function queryParameters(query: z.ZodType): object[] {
  const { properties = {} } = inputOf(query) as { properties?: Record<string, object> };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', schema }));
}

function inputOf(schema: z.ZodType): object {
  return withoutDialect(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
}

function outputOf(schema: z.ZodType): object {
  return withoutDialect(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }));
}

function withoutDialect({ $schema: _, ...schema }: { $schema?: string }): object {
  return schema;
}
