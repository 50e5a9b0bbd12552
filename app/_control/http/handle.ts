/**
 * The one way into every route: who may, what is sent, what leaves. A route says its access rule and schemas and gives
 * back a value (JSON) or a Response; what goes wrong becomes a problem (RFC 9457), and never a stack trace.
 */
import type { z } from 'zod';
import { type Noted, noteActions } from '../actions.ts';
import type { Control } from '../control.ts';
import { controlPlane } from '../control-plane.ts';
import { notFound, ProblemError } from '../problem-error.ts';
import { type Access, authorise, type Caller } from './authorise.ts';
import { describeError } from './describe-error.ts';
import { parseWith } from './parse-with.ts';
import { problemResponse } from './problem-response.ts';
import { assertContentType, readJson } from './read-json.ts';
import { withSecurityHeaders } from './security-headers.ts';

export interface RouteContext<Params, Query, Body> {
  control: Control;
  request: Request;
  caller: Caller;
  params: Params;
  query: Query;
  body: Body;
}

export interface Route<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType, Result> {
  /**
   * What a signed-in person or an API key has to be allowed to do. `known`: any of them may. `anyone`: the route has its own
   * rule (a signature, a task or share token), or there is nothing to protect; it says which.
   */
  access: Access;
  /** Of the path. One that is not valid names nothing: 404. */
  params?: Params;
  query?: Query;
  body?: Body;
  /** No body is as good as `{}`. */
  bodyIsOptional?: boolean;
  /** Of the body; default 64 KiB. */
  maxBodyBytes?: number;
  /** What the path names, for the 404 of an id that is none. */
  what?: string;
  /** Status of a JSON answer; default 200, and 204 without one. */
  status?: number;
  run(context: RouteContext<z.output<Params>, z.output<Query>, z.output<Body>>): Promise<Result>;
  /** What is noted of who did it, once it is done. */
  note?(context: RouteContext<z.output<Params>, z.output<Query>, z.output<Body>>, result: Result): Noted | Noted[];
}

/** Next's second argument. */
interface NextContext {
  params: Promise<Record<string, string | string[] | undefined>>;
}

const MAX_BODY_BYTES = 64 * 1024;

export type Handler = (request: Request, context?: NextContext) => Promise<Response>;

export function handle<
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
  Result = unknown,
>(route: Route<Params, Query, Body, Result>): Handler {
  return async (request, next) => {
    let control: Control | undefined;
    try {
      control = await controlPlane();
      return withSecurityHeaders(await answer(control, route, request, next), control.environment);
    } catch (error) {
      return withSecurityHeaders(problemResponse(error, request, control?.log), control?.environment);
    }
  };
}

async function answer<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType, Result>(
  control: Control,
  route: Route<Params, Query, Body, Result>,
  request: Request,
  next: NextContext | undefined,
): Promise<Response> {
  const caller = await authorise(control, request, route.access);
  if (route.access !== 'anyone') assertJson(request);
  const context = {
    control,
    request,
    caller,
    params: (await parseParams(route, next)) as z.output<Params>,
    query: (route.query && parseWith(route.query, readQuery(request))) as z.output<Query>,
    body: (route.body &&
      parseWith(
        route.body,
        await readJson(request, route.maxBodyBytes ?? MAX_BODY_BYTES, route.bodyIsOptional ? {} : undefined),
      )) as z.output<Body>,
  };
  const result = await route.run(context);
  if (route.note) await noteDone(control, caller, route.note(context, result));
  if (result instanceof Response) return request.method === 'HEAD' ? headOf(result) : result;
  if (result === undefined) return new Response(null, { status: route.status ?? 204 });
  return Response.json(result, { status: route.status ?? 200, headers: { 'cache-control': 'no-store' } });
}

/** Next.js answers HEAD by GET and leaves the body lying: what it holds, such as one of the event streams, is given back here. */
async function headOf(response: Response): Promise<Response> {
  await response.body?.cancel();
  return new Response(null, response);
}

/** It is done, whether or not it can be noted. */
async function noteDone(control: Control, caller: Caller, noted: Noted | Noted[]): Promise<void> {
  const all = [noted].flat();
  try {
    await noteActions(control, caller, all);
  } catch (error) {
    control.log.error({ noted: all, error: describeError(error) }, 'action.not-noted');
  }
}

/** Of what a page or a program sends, whether it is read or not: nothing that a form of another site could send. */
function assertJson(request: Request): void {
  const isChange = !['GET', 'HEAD', 'OPTIONS'].includes(request.method);
  if (isChange && request.headers.has('content-type')) assertContentType(request, 'application/json');
}

async function parseParams(
  route: { params?: z.ZodType | undefined; what?: string | undefined },
  next: NextContext | undefined,
): Promise<unknown> {
  if (!route.params) return undefined;
  const parsed = route.params.safeParse(await next?.params);
  if (!parsed.success) throw notFound(route.what ?? 'thing');
  return parsed.data;
}

function readQuery(request: Request): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of new URL(request.url).searchParams) {
    if (name in query) throw new ProblemError('bad-request', `The query parameter "${name}" is there twice.`);
    query[name] = value;
  }
  return query;
}
