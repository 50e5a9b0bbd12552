/**
 * From STORAGE_URL to a store:
 *
 *     file:/abs/dir
 *     s3://bucket/prefix?endpoint=https://…&region=…&forcePathStyle=true
 *
 * Credentials never stand in it: they come from the usual AWS_… variables. What is wrong with any of it is a StorageError
 * `invalid` whose sentence names the fix.
 */
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FolderStore } from './folder-store.ts';
import { type ObjectStore, StorageError } from './object-store.ts';
import type { S3StoreOptions } from './s3-store.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const s3Parameters = ['endpoint', 'region', 'forcePathStyle'];
/** Any of these tells the SDK where credentials are to be had. */
const otherCredentialVariables = [
  'AWS_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
];

export async function openStore(storageUrl: string, env: Environment): Promise<ObjectStore> {
  const url = parseUrl(storageUrl);
  if (url.protocol === 'file:') return FolderStore.open(folderOf(url, storageUrl));
  if (url.protocol === 's3:') {
    const options = s3Options(url, env);
    // The SDK is large: who stores into a folder does not load it.
    const { S3Store } = await import('./s3-store.ts');
    return new S3Store(options);
  }
  throw invalid(`STORAGE_URL begins with "${url.protocol}"; only file: and s3: are known`);
}

function parseUrl(storageUrl: string): URL {
  if (!URL.canParse(storageUrl)) throw invalid('STORAGE_URL is not a URL: write file:/abs/dir or s3://bucket/prefix');
  const url = new URL(storageUrl);
  if (url.username || url.password) {
    throw invalid('STORAGE_URL holds credentials: put them into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  }
  if (url.hash) throw invalid('STORAGE_URL has a "#": write it as %23');
  return url;
}

function folderOf(url: URL, storageUrl: string): string {
  if (url.search)
    throw invalid('STORAGE_URL has a "?": a folder takes no parameters, and a "?" in a name is written %3F');
  const isRelative = !/^file:\//i.test(storageUrl);
  if (url.host || isRelative)
    throw invalid('STORAGE_URL names no absolute folder: write file:/abs/dir, with one slash or three');
  const path = fileURLToPath(url);
  if (!isAbsolute(path)) throw invalid('STORAGE_URL names no absolute folder: write file:/abs/dir');
  return path;
}

function s3Options(url: URL, env: Environment): S3StoreOptions {
  for (const name of url.searchParams.keys()) {
    if (!s3Parameters.includes(name)) {
      throw invalid(`STORAGE_URL has an unknown parameter "${name}": known are ${s3Parameters.join(', ')}`);
    }
    if (url.searchParams.getAll(name).length > 1) throw invalid(`STORAGE_URL has "${name}" twice`);
  }
  const bucket = url.host;
  if (!/^[a-zA-Z0-9][a-zA-Z0-9._-]{1,62}$/.test(bucket)) {
    throw invalid('STORAGE_URL names no bucket: write s3://bucket/prefix');
  }
  const prefix = url.pathname.replace(/^\/|\/$/g, '');
  if (!/^([a-zA-Z0-9_-][a-zA-Z0-9._-]*(\/|$))*$/.test(prefix)) {
    throw invalid('STORAGE_URL has a prefix with other characters than a-z A-Z 0-9 . _ - between single slashes');
  }
  const endpoint = endpointOf(url.searchParams.get('endpoint'));
  return {
    bucket,
    prefix,
    endpoint,
    region: regionOf(url.searchParams.get('region'), endpoint, env),
    forcePathStyle: flagOf(url.searchParams.get('forcePathStyle'), endpoint !== undefined),
    credentials: credentialsOf(env),
  };
}

function endpointOf(text: string | null): string | undefined {
  if (text === null) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search) {
    throw invalid('The endpoint in STORAGE_URL is not an address such as https://s3.example.com');
  }
  return text.replace(/\/$/, '');
}

function regionOf(text: string | null, endpoint: string | undefined, env: Environment): string {
  const region = text || env.AWS_REGION || env.AWS_DEFAULT_REGION;
  if (region) return region;
  // Other servers than AWS mostly do not care, and this is what those that do expect.
  if (endpoint) return 'us-east-1';
  throw invalid('The region of the bucket is not known: add ?region=… to STORAGE_URL or set AWS_REGION');
}

function flagOf(text: string | null, byDefault: boolean): boolean {
  if (text === null) return byDefault;
  if (text === 'true' || text === 'false') return text === 'true';
  throw invalid('forcePathStyle in STORAGE_URL is neither true nor false');
}

function credentialsOf(env: Environment): S3StoreOptions['credentials'] {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = env;
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey, sessionToken: sessionToken || undefined };
  if (accessKeyId) throw invalid('AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not: set both');
  if (secretAccessKey) throw invalid('AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not: set both');
  if (otherCredentialVariables.some((name) => env[name])) return undefined;
  throw invalid(
    `There are no credentials for the S3 storage: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or one of ${otherCredentialVariables.join(', ')})`,
  );
}

function invalid(sentence: string): StorageError {
  return new StorageError('invalid', `${sentence}.`, false);
}
