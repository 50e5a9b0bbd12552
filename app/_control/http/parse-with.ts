import type { z } from 'zod';
import type { Problem } from '../api.ts';
import { ProblemError } from '../problem-error.ts';

/** What the schema makes of it, or a problem that names every field that is wrong. */
export function parseWith<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.slice(0, 50).flatMap(describeIssue);
  const first = fields[0];
  const named = first && first.path !== '' ? `${first.path}: ${first.message}` : (first?.message ?? 'not valid');
  throw new ProblemError('bad-request', `The request is not valid. ${named}.`, { fields });
}

function describeIssue(issue: z.core.$ZodIssue): NonNullable<Problem['fields']> {
  const path = (last: PropertyKey[]) => [...issue.path, ...last].map(String).join('.').slice(0, 500);
  if (issue.code !== 'unrecognized_keys') return [{ path: path([]), message: messageOf(issue) }];
  return issue.keys.slice(0, 50).map((key) => ({ path: path([key]), message: 'is not a known field' }));
}

function messageOf(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_type' && issue.message.endsWith('received undefined') ? 'is missing' : issue.message;
}
