import { StorageError } from './object-store.ts';

/** What of an SDK error is looked at: S3's own, a network error of Node, or one of the SDK's. */
interface Failure {
  name?: string;
  message?: string;
  code?: string;
  $metadata?: { httpStatusCode?: number };
  cause?: unknown;
}

const deniedBecause: Record<string, string> = {
  InvalidAccessKeyId: 'does not know the access key: check AWS_ACCESS_KEY_ID',
  // versitygw, for the same.
  XAdminUserNotFound: 'does not know the access key: check AWS_ACCESS_KEY_ID',
  SignatureDoesNotMatch: 'refused the signature: check AWS_SECRET_ACCESS_KEY',
  ExpiredToken: 'says that the credentials have expired: renew AWS_SESSION_TOKEN',
  ExpiredTokenException: 'says that the credentials have expired: renew AWS_SESSION_TOKEN',
  InvalidToken: 'refused the session token: check AWS_SESSION_TOKEN',
  RequestTimeTooSkewed: "refused because this machine's clock is wrong: set it",
  CredentialsProviderError:
    'was not asked, because no credentials could be had: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
};

const invalidBecause: Record<string, string> = {
  NoSuchBucket: 'has no such bucket: make it, or correct STORAGE_URL',
  PermanentRedirect: 'has the bucket in another region: correct region= in STORAGE_URL',
  AuthorizationHeaderMalformed: 'has the bucket in another region: correct region= in STORAGE_URL',
  IllegalLocationConstraintException: 'has the bucket in another region: correct region= in STORAGE_URL',
  XAmzContentSHA256Mismatch: 'received other bytes than were sent: the object was not stored',
  BadDigest: 'received other bytes than were sent: the object was not stored',
};

const fullCodes = new Set(['XMinioStorageFull', 'QuotaExceeded', 'InsufficientStorage', 'XQuotaExceeded']);

/** Words for a failed request. An error that is neither S3's nor the network's comes back as it is: a defect of ours. */
export function toStorageError(error: unknown, place: string): unknown {
  if (error instanceof StorageError) return error;
  const failure = error as Failure;
  const name = failure.name ?? '';
  const status = failure.$metadata?.httpStatusCode;
  const make = (reason: StorageError['reason'], what: string, retryable: boolean) =>
    new StorageError(reason, `${place} ${what}.`, retryable, { cause: error });

  const denied = deniedBecause[name];
  if (denied) return make('denied', denied, false);
  const invalid = invalidBecause[name];
  if (invalid) return make('invalid', invalid, name === 'XAmzContentSHA256Mismatch' || name === 'BadDigest');
  if (fullCodes.has(name) || status === 507) return make('full', 'is full: make room in it', true);
  if (name === 'NoSuchKey') return make('not-found', 'has no such object', false);
  if (name === 'PreconditionFailed' || status === 412)
    return make('exists', 'already has an object of this key', false);
  if (status === 416) return make('range', 'says that the object has no bytes there', false);
  // Somebody else is writing the same key at this moment.
  if (status === 409) return make('unreachable', `was busy with the same object (${name})`, true);
  if (status === 401 || status === 403) {
    return make('denied', `refused access (${name}): check the credentials and what they may do in the bucket`, false);
  }
  if (status === 429 || name === 'SlowDown') return make('unreachable', 'asks to slow down', true);
  // A server that drops a slow sender says so with a 400.
  if (name === 'RequestTimeout') return make('unreachable', 'gave up waiting for the data', true);
  if (status !== undefined && status >= 500) return make('unreachable', `answered ${status} ${name}`, true);
  if (isNetworkFailure(failure)) return make('unreachable', `does not answer (${networkWord(failure)})`, true);
  if (status !== undefined) {
    return make('invalid', `answered ${status} ${name}: ${failure.message ?? 'no reason given'}`, false);
  }
  return error;
}

const networkCodes =
  /^(ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_|EHOST|ENET|EADDR|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|HPE_|EPROTO)/;

function isNetworkFailure(failure: Failure): boolean {
  return (
    failure.name === 'TimeoutError' ||
    networkCodes.test(failure.code ?? '') ||
    /socket hang up/.test(failure.message ?? '')
  );
}

function networkWord(failure: Failure): string {
  if (failure.name === 'TimeoutError') return 'it took too long';
  return failure.code ?? 'connection lost';
}
