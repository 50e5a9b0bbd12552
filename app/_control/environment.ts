/**
 * What the dashboard is told by its environment. Parsed once; everything else gets it passed. An empty variable is an
 * unset one.
 */
import { z } from 'zod';
import { parseAllowance } from './webhooks/outside-address.ts';

const livekitUrl = z
  .url({
    protocol: /^(wss?|https?)$/,
    error: 'must be an address like ws://localhost:7880 or https://livekit.example.com',
  })
  .transform((value) => value.replace(/\/+$/, ''));

export const environmentSchema = z
  .object({
    PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
    HOST: z.string().default('localhost'),
    /** Origin of share links and of requests that may change something. */
    PUBLIC_URL: z
      .url({ protocol: /^https?$/, error: 'must be an address like https://recorder.example.com' })
      .transform((value) => new URL(value).origin)
      .optional(),
    DATABASE_URL: z.url({
      protocol: /^postgres(ql)?$/,
      error: 'must be an address like postgres://user:password@host/database',
    }),
    STORAGE_URL: z.string().regex(/^(s3|file):/, 'must begin with s3:// or file:'),
    LIVEKIT_URL: livekitUrl,
    LIVEKIT_PUBLIC_URL: livekitUrl.optional(),
    LIVEKIT_API_KEY: z.string(),
    LIVEKIT_API_SECRET: z.string(),
    APP_SECRET: z.string().min(32, 'must have at least 32 characters: it signs the tokens of recorders'),
    WORKER_TOKEN: z.string().min(16, 'must have at least 16 characters: it is the password of pool workers'),
    ADMIN_API_KEY: z.string().min(16, 'must have at least 16 characters: it may everything').optional(),
    CRON_SECRET: z.string().min(16, 'must have at least 16 characters: it is the password of the cron job').optional(),
    MEDIA_DELIVERY: z.enum(['proxy', 'redirect']).default('proxy'),
    RETAIN_DAYS: z.coerce.number().int().min(1).max(36_500).optional(),
    WEBHOOK_ALLOW_PRIVATE: z.string().optional(),
    EMBEDDED: z.enum(['0', '1']).default('0'),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  })
  .refine((value) => value.MEDIA_DELIVERY === 'proxy' || value.STORAGE_URL.startsWith('s3:'), {
    path: ['MEDIA_DELIVERY'],
    message: 'can be redirect with an S3 storage only: a folder has no addresses for browsers',
  })
  .transform((value) => ({
    port: value.PORT,
    host: value.HOST,
    publicUrl: value.PUBLIC_URL ?? `http://${value.HOST}:${value.PORT}`,
    databaseUrl: value.DATABASE_URL,
    storageUrl: value.STORAGE_URL,
    /** Where this process reaches LiveKit's API. */
    livekitApiUrl: value.LIVEKIT_URL.replace(/^ws/, 'http'),
    /** What browsers and recorders connect to. */
    livekitSocketUrl: (value.LIVEKIT_PUBLIC_URL ?? value.LIVEKIT_URL).replace(/^http/, 'ws'),
    livekitApiKey: value.LIVEKIT_API_KEY,
    livekitApiSecret: value.LIVEKIT_API_SECRET,
    appSecret: value.APP_SECRET,
    workerToken: value.WORKER_TOKEN,
    adminApiKey: value.ADMIN_API_KEY,
    /** Where no process stays, something calls /api/cron/reconcile with it. */
    cronSecret: value.CRON_SECRET,
    /** Whether finished media passes through this process or comes from the store itself, by a presigned address. */
    mediaDelivery: value.MEDIA_DELIVERY,
    /** How long recordings are kept whose rule says nothing. Unset: until somebody deletes them. */
    retainDays: value.RETAIN_DAYS,
    /** Private addresses that outgoing webhooks may reach. */
    webhookAllowance: parseAllowance(value.WEBHOOK_ALLOW_PRIVATE),
    /** Everything runs on this machine for one person: demo participants and the join page are offered. */
    embedded: value.EMBEDDED === '1',
    logLevel: value.LOG_LEVEL,
  }));
export type Environment = z.output<typeof environmentSchema>;

/** Throws one Error that names every variable that is missing or wrong, and never a value. */
export function parseEnvironment(variables: Record<string, string | undefined>): Environment {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environmentSchema.safeParse(set);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    const name = issue.path.join('.');
    const missing = !(name in set);
    return `  ${name} ${missing ? 'is not set' : issue.message}`;
  });
  throw new Error(`The dashboard cannot start with this environment:\n${lines.join('\n')}`);
}
