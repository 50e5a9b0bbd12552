/** The settings of `npm start`, `npm run demo` and `npm run record`: environment variables, or a `.env` file beside package.json. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { projectFolder, Sentence } from './prepare.mjs';

const notAPort = 'must be a port number from 1 to 65535';
const notACount = 'must be a whole number above 0';
const port = z.coerce.number({ error: notAPort }).int(notAPort).min(1, notAPort).max(65_535, notAPort);
/** An empty variable is one that is not set. */
const setting = <Schema extends z.ZodType>(schema: Schema) => z.preprocess((value) => value || undefined, schema);

/** Where the stack is found by those who run beside it. */
const shared = {
  DATA_DIR: setting(z.string().default('.data')).transform((path) => resolve(projectFolder, path)),
  LIVEKIT_URL: setting(
    z.url({ protocol: /^(wss?|https?)$/, error: 'must begin with ws://, wss://, http:// or https://' }).optional(),
  ),
  LIVEKIT_API_KEY: setting(z.string().optional()),
  LIVEKIT_API_SECRET: setting(z.string().optional()),
};

const withKeys = (value: { LIVEKIT_URL?: string; LIVEKIT_API_KEY?: string; LIVEKIT_API_SECRET?: string }) =>
  value.LIVEKIT_URL === undefined || (value.LIVEKIT_API_KEY !== undefined && value.LIVEKIT_API_SECRET !== undefined);
const keysMissing = 'is set, so LIVEKIT_API_KEY and LIVEKIT_API_SECRET must be set too';

export const startEnvironmentSchema = z
  .object({
    ...shared,
    PORT: setting(port.default(3000)),
    HOST: setting(z.string().default('127.0.0.1')),
    PUBLIC_URL: setting(
      z.url({ protocol: /^https?$/, error: 'must be an address like https://recorder.example.com' }).optional(),
    ),
    ADMIN_API_KEY: setting(z.string().min(16, 'must have at least 16 characters').optional()),
    DATABASE_URL: setting(
      z
        .url({ protocol: /^postgres(ql)?$/, error: 'must be an address like postgres://user:password@host/database' })
        .optional(),
    ),
    STORAGE_URL: setting(
      z
        .string()
        .regex(/^(s3|file):/, 'must begin with s3:// or file:')
        .optional(),
    ),
    LIVEKIT_PUBLIC_URL: setting(
      z.url({ protocol: /^(wss?|https?)$/, error: 'must be an address like wss://livekit.example.com' }).optional(),
    ),
    APP_SECRET: setting(z.string().min(32, 'must have at least 32 characters').optional()),
    WORKER_TOKEN: setting(z.string().min(16, 'must have at least 16 characters').optional()),
    CAPACITY: setting(z.coerce.number({ error: notACount }).int(notACount).positive(notACount).optional()),
    LOG_LEVEL: setting(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info')),
  })
  .refine(withKeys, { path: ['LIVEKIT_URL'], message: keysMissing });
export type StartEnvironment = z.infer<typeof startEnvironmentSchema>;

export const toolEnvironmentSchema = z.object(shared).refine(withKeys, { path: ['LIVEKIT_URL'], message: keysMissing });
export type ToolEnvironment = z.infer<typeof toolEnvironmentSchema>;

/** Reads the settings; what is wrong with them is one sentence that names the variable. */
export function readEnvironment<Schema extends z.ZodType>(schema: Schema): z.output<Schema> {
  const file = join(projectFolder, '.env');
  // Variables that are set already stay as they are.
  if (existsSync(file)) process.loadEnvFile(file);
  const result = schema.safeParse(process.env);
  if (result.success) return result.data;
  const wrong = result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  throw new Sentence(`Wrong settings: ${wrong.join('; ')}. See .env.example.`);
}
