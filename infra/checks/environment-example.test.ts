import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { environmentSchema } from '../../app/_control/environment.ts';
import { recordEnvironmentSchema, runEnvironmentSchema, serveEnvironmentSchema } from '../../recorder/environment.ts';
import { startEnvironmentSchema, toolEnvironmentSchema } from '../dev/environment.ts';
import { projectFolder } from '../dev/prepare.mjs';
import { sourceFiles } from './source-files.ts';

const example = readFileSync(`${projectFolder}/.env.example`, 'utf8');
const inExample = new Set([...example.matchAll(/^# ?([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1]));

const schemas = {
  dashboard: environmentSchema,
  'recorder serve': serveEnvironmentSchema,
  'recorder run': runEnvironmentSchema,
  'recorder record': recordEnvironmentSchema,
  'npm start': startEnvironmentSchema,
  'npm run demo': toolEnvironmentSchema,
};

/** Variables of the machine, of npm and of Next.js, which nobody sets for us. */
const othersVariables = /^(PATH|HOME|CI|NO_COLOR|NODE_ENV|XDG_CACHE_HOME|NEXT_RUNTIME|AWS_[A-Z_]+|npm_[a-z_]+)$/;

/** The names that a schema reads; what is made of them afterwards does not matter here. */
function namesOf(schema: z.ZodType): string[] {
  const object = 'in' in schema ? (schema.in as z.ZodType) : schema;
  if (!('shape' in object)) throw new Error('the schema is not an object');
  return Object.keys(object.shape as object);
}

test.each(Object.entries(schemas))('.env.example names every setting of %s', (_process, schema) => {
  const names = namesOf(schema);
  expect(names.length).toBeGreaterThan(2);
  expect(names.filter((name) => !inExample.has(name))).toEqual([]);
});

test('.env.example names every variable that a source reads by itself', () => {
  const read = sourceFiles().flatMap(({ text }) =>
    [...text.matchAll(/\bprocess\.env\.([A-Za-z_]+)/g)].map((match) => match[1] ?? ''),
  );
  const unknown = new Set(read.filter((name) => !othersVariables.test(name) && !inExample.has(name)));
  expect([...unknown]).toEqual([]);
});

test('.env.example names nothing that no process reads', () => {
  const settings = Object.values(schemas).flatMap(namesOf);
  const texts = sourceFiles().map(({ text }) => text);
  const unread = [...inExample].filter(
    (name) =>
      name !== undefined &&
      !settings.includes(name) &&
      !name.startsWith('AWS_') &&
      !texts.some((text) => text.includes(`env.${name}`)),
  );
  expect(unread).toEqual([]);
});
