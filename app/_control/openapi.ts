/** The API described by the schemas that check it (OpenAPI 3.1, whose schemas are JSON Schema 2020-12). */
import { z } from 'zod';
import { problemSchema } from './api.ts';
import { installationOperations } from './openapi/installation-operations.ts';
import type { Operation, Operations } from './openapi/operation.ts';
import { peopleOperations } from './openapi/people-operations.ts';
import { recordingOperations } from './openapi/recording-operations.ts';
import { roomOperations } from './openapi/room-operations.ts';
import { ruleOperations } from './openapi/rule-operations.ts';
import { sharingOperations } from './openapi/sharing-operations.ts';
import { webhookOperations } from './openapi/webhook-operations.ts';

const topics: Record<string, Operations> = {
  Recordings: recordingOperations,
  'Share links': sharingOperations,
  Rules: ruleOperations,
  Rooms: roomOperations,
  Webhooks: webhookOperations,
  'People and keys': peopleOperations,
  Installation: installationOperations,
};

export function describeApi(publicUrl: string): object {
  const paths = Object.entries(topics).flatMap(([topic, operations]) =>
    Object.entries(operations).map(([path, methods]) => [
      path,
      {
        ...parametersOf(path),
        ...Object.fromEntries(
          Object.entries(methods).map(([method, operation]) => [method, { tags: [topic], ...describe(operation) }]),
        ),
      },
    ]),
  );
  return {
    openapi: '3.1.0',
    info: { title: 'Participant recorder', version: '1' },
    servers: [{ url: publicUrl }],
    security: [{ apiKey: [] }, { session: [] }],
    tags: Object.keys(topics).map((name) => ({ name })),
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'recorder-session' },
      },
      schemas: { Problem: outputOf(problemSchema) },
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
