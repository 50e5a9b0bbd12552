/**
 * The recorder's environment, one schema for each way to run it. None has the LiveKit secret or the database address.
 * Variables that are empty count as not set; those of other programs are not looked at.
 */
import { resolve } from 'node:path';
import { z } from 'zod';
import { taskSpecSchema } from './contract/task-spec.ts';
import { UsageError } from './usage-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const logLevel = z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']);
const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, { error: 'is not a whole number' })
    .transform(Number)
    .pipe(
      z
        .int()
        .min(least, { error: `is less than ${least}` })
        .max(most, { error: `is more than ${most}` }),
    );

const shared = {
  /** The dashboard's origin. */
  CONTROL_URL: z.url({ protocol: /^https?$/, error: 'is not an address such as http://127.0.0.1:3000' }),
  /** Where segments and finished files go; S3 credentials come from AWS_… variables. */
  STORAGE_URL: z.string(),
  /** Holds what is not yet stored: on a disk that survives the process. */
  SPOOL_DIR: z.string().transform((path) => resolve(path)),
  /** Most that the spool may take, in MB; the disk is a bound as well, of which some is left to others. */
  SPOOL_LIMIT_MB: wholeNumber(10, 100_000_000).default(50_000),
  /** Set by whoever starts the process again: how the one before it ended. */
  RESTARTED_AFTER: z.string().max(200).optional(),
  LOG_LEVEL: logLevel.default('info'),
  /** After SIGTERM: how long recordings may take to finish and be stored before the process ends regardless. */
  SHUTDOWN_GRACE_MS: wholeNumber(0, 3_600_000).default(5_000),
};

/** `recorder serve` */
export const serveEnvironmentSchema = z.object({
  ...shared,
  /** The same as the dashboard's. */
  WORKER_TOKEN: z.string(),
  /** Recordings held at once. */
  CAPACITY: wholeNumber(1, 500).default(100),
});
export type ServeEnvironment = z.infer<typeof serveEnvironmentSchema>;

/** `recorder run` */
export const runEnvironmentSchema = z.object({
  ...shared,
  TASK_SPEC: z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' });
        return z.NEVER;
      }
    })
    .pipe(taskSpecSchema),
});
export type RunEnvironment = z.infer<typeof runEnvironmentSchema>;

/** `recorder record` */
export const recordEnvironmentSchema = z.object({
  /** Join token, unless `--token` gives it: other users of the machine can see arguments. */
  LIVEKIT_TOKEN: z.string().optional(),
  LIVEKIT_URL: z.string().optional(),
  /** Logs go to stderr, when asked for. */
  LOG_LEVEL: logLevel.default('silent'),
});
export type RecordEnvironment = z.infer<typeof recordEnvironmentSchema>;

export function readEnvironment<Schema extends z.ZodType>(schema: Schema, env: Environment): z.output<Schema> {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(set);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message, code }) => {
    const name = path.join('.');
    const isMissing = code === 'invalid_type' && path.length === 1 && !(name in set);
    return isMissing ? `${name} is not set` : `${name} ${message}`;
  });
  throw new UsageError(`The environment is wrong: ${problems.join('; ')}.`);
}
