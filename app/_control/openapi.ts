/** The API described by the schemas that check it (OpenAPI 3.1, whose schemas are JSON Schema 2020-12). */
import { z } from 'zod';
import { accessTable } from './access-table.ts';
import { problemSchema } from './api.ts';
import type {
  ApiDocument,
  ApiOperation,
  ApiParameter,
  ApiPath,
  ApiSchema,
  ApiSecurity,
  ApiWebhook,
} from './openapi/document.ts';
import { installationOperations } from './openapi/installation-operations.ts';
import type { Operation, Operations } from './openapi/operation.ts';
import { peopleOperations } from './openapi/people-operations.ts';
import { recordingOperations } from './openapi/recording-operations.ts';
import { roomOperations } from './openapi/room-operations.ts';
import { ruleOperations } from './openapi/rule-operations.ts';
import { sharingOperations } from './openapi/sharing-operations.ts';
import { webhookOperations } from './openapi/webhook-operations.ts';
import { roleFor } from './scopes.ts';
import { webhookMessageSchema } from './webhooks-api.ts';

const topics: Record<string, Operations> = {
  Recordings: recordingOperations,
  'Share links': sharingOperations,
  Rules: ruleOperations,
  Rooms: roomOperations,
  Webhooks: webhookOperations,
  'People and keys': peopleOperations,
  Installation: installationOperations,
};

export function describeApi(publicUrl: string): ApiDocument {
  const paths = Object.entries(topics).flatMap(([topic, operations]) =>
    Object.entries(operations).map(([path, methods]) => [
      path,
      {
        ...parametersOf(path),
        ...Object.fromEntries(
          Object.entries(methods).map(([method, operation]) => [
            method,
            describe(operation, topic, accessOf(path, method)),
          ]),
        ),
      },
    ]),
  );
  return {
    openapi: '3.1.0',
    info: {
      title: 'Participant recorder',
      version: '1',
      description:
        'Each operation names the scope that an API key needs for it, and the lowest role of people who may use it.',
    },
    servers: [{ url: publicUrl }],
    security: securityOf('known'),
    tags: Object.keys(topics).map((name) => ({ name })),
    paths: Object.fromEntries(paths),
    webhooks: { message: { post: describeMessage() } },
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'recorder-session' },
      },
      schemas: { Problem: outputOf(problemSchema) },
    },
  };
}

/** What is posted to the addresses of webhooks. */
function describeMessage(): ApiWebhook {
  return {
    summary: 'What webhooks receive',
    description:
      'Signed with the secret of the webhook: `webhook-id`, `webhook-timestamp` and `webhook-signature` are as ' +
      'https://www.standardwebhooks.com says. Messages come at least once and in any order; `webhook-id` tells repetitions.',
    requestBody: { required: true, content: { 'application/json': { schema: outputOf(webhookMessageSchema) } } },
    responses: { '2XX': { description: 'Taken' } },
  };
}

/** In the words of the table, whose paths are those of the routes' folders. */
function accessOf(path: string, method: string): (typeof accessTable)[string] {
  const access = accessTable[`${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, '[$1]')}`];
  if (access === undefined) throw new Error(`access-table.ts says nothing of ${method} ${path}`);
  return access;
}

/** One of them is enough. OpenAPI lets them name "roles": of a key its scope. */
function securityOf(access: (typeof accessTable)[string]): ApiSecurity[] {
  if (typeof access === 'object') return [];
  if (access === 'known') return [{ apiKey: [] }, { session: [] }];
  return [{ apiKey: [access] }, { session: [roleFor(access)] }];
}

function describe(operation: Operation, topic: string, access: (typeof accessTable)[string]): ApiOperation {
  const { summary, description, query, headers, body, bodyIsOptional = false } = operation;
  const { open = false, status = 200, answer, problems = [] } = operation;
  return {
    tags: [topic],
    summary,
    ...(description && { description }),
    security: open ? [] : securityOf(access),
    ...((query || headers) && { parameters: [...queryParameters(query), ...headerParameters(headers)] }),
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
        [...(open ? [] : [401, 403]), ...problems].map((code) => [
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

function parametersOf(path: string): Pick<ApiPath, 'parameters'> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => (name ? [name] : []));
  if (names.length === 0) return {};
  return {
    parameters: names.map((name) => ({ name, in: 'path' as const, required: true, schema: { type: 'string' } })),
  };
}

function queryParameters(query: z.ZodType | undefined): ApiParameter[] {
  if (!query) return [];
  const { properties = {}, required = [] } = inputOf(query);
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    ...(required.includes(name) && { required: true }),
    schema,
  }));
}

function headerParameters(headers: Record<string, string> = {}): ApiParameter[] {
  return Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    description,
    schema: { type: 'string' },
  }));
}

function inputOf(schema: z.ZodType): ApiSchema {
  return withoutDialect(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
}

function outputOf(schema: z.ZodType): ApiSchema {
  return withoutDialect(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }));
}

function withoutDialect({ $schema: _, ...schema }: { $schema?: string }): ApiSchema {
  return schema as ApiSchema;
}
