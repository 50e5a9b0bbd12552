/**
 * The ObjectStore port: where segments and finished files live. Two drivers (folder, S3) pass one contract suite,
 * `object-store.contract.ts`. Keys are made of ids: `[a-z0-9/._-]`, never a room name or an identity.
 */
import type { Readable } from 'node:stream';

export interface StoredObject {
  key: string;
  sizeBytes: number;
}

/** A byte range, both ends included, as in HTTP (RFC 9110 section 14.1.2). */
export interface ByteRange {
  startByte: number;
  endByte: number;
}

export interface PutOptions {
  contentType: string;
  /** Refuse with `exists` when the key is taken, instead of replacing. */
  ifAbsent?: boolean;
  /** Lower-case hex of the content, when the caller knows it: a server that checks it refuses altered bytes. */
  sha256?: string;
}

export interface PutFileOptions extends PutOptions {
  /** The file is never changed again, though it may be deleted: a store on the same disk need not copy it. */
  unchanging?: boolean;
  /** All that is in the file, where it is at hand: then a store that sends it need not read it. */
  bytes?: Uint8Array;
  /** Aborting rejects with the signal's reason, unless the object is already whole. */
  signal?: AbortSignal;
}

export interface WriterOptions {
  contentType: string;
  /** About how large it becomes: parts are cut by it. */
  expectedBytes: number;
  /** Refuse with `exists` when the key is taken, instead of replacing. */
  ifAbsent?: boolean;
  /** Heeded whenever the writer is called, which then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** An object that comes into being from front to back. One call at a time; who does not complete it aborts it. */
export interface ObjectWriter {
  /** Resolves when more can be taken: what the store does not keep up with waits with the caller. The bytes may be used again then. */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * The object is durable, whole and visible when it resolves, and not there when it rejects and `abort` follows.
   * @param sha256 lower-case hex of everything, when the caller knows it: a store that can compare it in one go does
   */
  complete(sha256?: string): Promise<void>;
  /** Leaves nothing. Also after a call that failed; never rejects. */
  abort(): Promise<void>;
}

export interface PresignOptions {
  validMs: number;
  /** What the answer says of itself. */
  contentType: string;
  contentDisposition: string | undefined;
}

export interface ObjectStore {
  /** Where this is, for people and logs: no credentials in it. */
  readonly description: string;
  /** Stores a small object whole. Durable and visible to every reader when it resolves; never half. */
  put(key: string, bytes: Uint8Array, options: PutOptions): Promise<void>;
  /** Stores a local file of any size, in parts where that helps; a failure leaves no visible object and no parts. */
  putFile(key: string, path: string, options: PutFileOptions): Promise<void>;
  /** Stores an object while it is made, of any size, without a file in between. */
  openWriter(key: string, options: WriterOptions): Promise<ObjectWriter>;
  /** The object, or `undefined`. */
  head(key: string): Promise<StoredObject | undefined>;
  /** Reads a range or everything. Throws `not-found`; a range that starts past the end throws `range`. */
  read(key: string, range?: ByteRange): Promise<Readable>;
  /**
   * An address from which whoever has it reads the object, with ranges, for so long. Not there where the store has none
   * that a browser could use.
   */
  presign?(key: string, options: PresignOptions): Promise<string>;
  /** All objects whose key starts with the prefix, in key order. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** Removing what is not there is no error. */
  delete(keys: readonly string[]): Promise<void>;
  /** Removes what uploads that never ended left behind, when they began longer ago than this; default: a day. */
  removeUnfinished(olderThanMs?: number): Promise<void>;
  /** Writes, reads, ranges and deletes a probe object; throws what is wrong. */
  check(): Promise<void>;
  close(): void;
}

/** No upload of ours takes as long. */
export const UNFINISHED_LIVES_MS = 24 * 3600 * 1000;

export type StorageReason = 'not-found' | 'exists' | 'range' | 'denied' | 'unreachable' | 'full' | 'invalid';

/** What went wrong with the store, in words for the person who runs it. `retryable`: trying later may work. */
export class StorageError extends Error {
  /** By name: a dashboard's bundler makes several copies of this class. */
  static override [Symbol.hasInstance](value: unknown): value is StorageError {
    return value instanceof Error && value.name === 'StorageError';
  }

  constructor(
    readonly reason: StorageReason,
    message: string,
    readonly retryable: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'StorageError';
  }
}
