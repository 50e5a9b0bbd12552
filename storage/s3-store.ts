/**
 * The ObjectStore in an S3 bucket, or in one of the many servers that speak its protocol.
 *
 * Checksums beyond the signature are only made where the protocol demands them: many servers do not know them. Whole
 * objects and parts are still protected, since the signature covers the SHA-256 of what is sent.
 *
 * Every wait is bounded: connecting, the answer to a request, silence on the wire, and the number of tries.
 */
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { assertRange, pastTheEnd } from './byte-range.ts';
import { mediaMemory } from './memory-pool.ts';
import { assertObjectKey } from './object-key.ts';
import {
  type ByteRange,
  type ObjectStore,
  type ObjectWriter,
  type PresignOptions,
  type PutFileOptions,
  type PutOptions,
  StorageError,
  type StoredObject,
  UNFINISHED_LIVES_MS,
  type WriterOptions,
} from './object-store.ts';
import { probeStore } from './probe-store.ts';
import { deleteObjects } from './s3-delete-objects.ts';
import { toStorageError } from './s3-error.ts';
import { LEAST_PART_BYTES, S3ObjectWriter } from './s3-object-writer.ts';
import { S3QuickPut } from './s3-quick-put.ts';
import { removeUnfinishedUploads } from './s3-remove-unfinished.ts';
import { signedContent } from './s3-signed-content.ts';
import { Slots } from './slots.ts';

export interface S3Waits {
  connectMs: number;
  /** From the first byte sent to the head of the answer, beside the time that what is sent takes on a slow line. */
  answerMs: number;
  /** Nothing in either direction: cuts off half-open connections, and also a reader that stopped reading this long. */
  silenceMs: number;
}

const usualWaits: S3Waits = { connectMs: 5_000, answerMs: 15_000, silenceMs: 60_000 };
/** 0.5 Mbps: slower than that no recording gets through anyway. */
const slowestBytesPerMs = 64;
/** The SDK's own quick ones; whoever must not give up has a loop of its own. */
const tries = 3;
const socketsAtOnce = 64;
/** Up to this a file is sent whole: one request instead of three, and at most this much memory. */
const wholeUpToBytes = LEAST_PART_BYTES;
/** Together they bound the memory of uploads: so many parts under way, one being filled by each writer, and whole files. */
const partsAtOnce = 8;
const writersAtOnce = 16;
const wholeFilesAtOnce = 16;
/** Of a file that is sent in parts. */
const readAtOnceBytes = 1024 * 1024;
/** What one DeleteObjects request takes. */
const deletedAtOnce = 1000;

export interface S3StoreOptions {
  bucket: string;
  /** Before every key, without slashes around it; empty for none. */
  prefix: string;
  region: string;
  /** Default: AWS. */
  endpoint?: string;
  forcePathStyle: boolean;
  /** Default: where the SDK looks (profile, web identity, container, instance). */
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  waits?: S3Waits;
}

export class S3Store implements ObjectStore {
  readonly description: string;
  readonly #client: S3Client;
  readonly #quickPut: S3QuickPut;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #waits: S3Waits;
  readonly #partSlots = new Slots(partsAtOnce);
  readonly #writerSlots = new Slots(writersAtOnce);
  readonly #wholeFileSlots = new Slots(wholeFilesAtOnce);

  constructor(options: S3StoreOptions) {
    const { bucket, region, endpoint, forcePathStyle, credentials, waits = usualWaits } = options;
    this.#bucket = bucket;
    this.#waits = waits;
    this.#prefix = options.prefix === '' ? '' : `${options.prefix}/`;
    this.description = `s3://${bucket}/${options.prefix} at ${endpoint ?? `AWS ${region}`}`;
    const config: S3ClientConfig = {
      region,
      forcePathStyle,
      maxAttempts: tries,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      // Asking before sending costs a round trip and a new connection for every part.
      expectContinueHeader: false,
      requestHandler: {
        connectionTimeout: waits.connectMs,
        // A part of a large file: 8 MiB, or more in a very large one.
        requestTimeout: waits.answerMs + wholeUpToBytes / slowestBytesPerMs,
        throwOnRequestTimeout: true,
        socketTimeout: waits.silenceMs,
        httpAgent: { keepAlive: true, maxSockets: socketsAtOnce },
        httpsAgent: { keepAlive: true, maxSockets: socketsAtOnce },
      },
    };
    // The pinned SDK supports every Node that we do; that later ones will not is nothing a user can act on.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
    if (endpoint) config.endpoint = endpoint;
    if (credentials) config.credentials = credentials;
    this.#client = new S3Client(config);
    this.#quickPut = new S3QuickPut(this.#client);
  }

  async put(key: string, bytes: Uint8Array, options: PutOptions): Promise<void> {
    assertObjectKey(key);
    const { contentType, sha256, ifAbsent } = options;
    const requestTimeout = this.#waits.answerMs + bytes.length / slowestBytesPerMs;
    if (sha256 && !ifAbsent && (await this.#quickPut.put({ key, bytes, contentType, sha256, requestTimeout }))) return;
    const command = new PutObjectCommand({
      Bucket: this.#bucket,
      Key: this.#prefix + key,
      Body: bytes,
      ContentLength: bytes.length,
      ContentType: contentType,
      IfNoneMatch: ifAbsent ? '*' : undefined,
    });
    if (sha256) command.middlewareStack.add(signedContent(sha256), { step: 'build', name: 'signedContent' });
    await this.#translate(() => this.#quickPut.putBySdk(key, command, { requestTimeout }));
  }

  async putFile(key: string, path: string, options: PutFileOptions): Promise<void> {
    assertObjectKey(key);
    options.signal?.throwIfAborted();
    const sizeBytes = options.bytes?.length ?? (await stat(path)).size;
    if (sizeBytes <= wholeUpToBytes) {
      await this.#wholeFileSlots.use(() => this.#putWhole(key, path, sizeBytes, options));
    } else {
      await this.#putInParts(key, path, sizeBytes, options);
    }
  }

  async openWriter(key: string, options: WriterOptions): Promise<ObjectWriter> {
    assertObjectKey(key);
    const { contentType, ifAbsent, signal } = options;
    const release = await this.#writerSlots.take();
    const writer = new S3ObjectWriter({
      ...options,
      client: this.#client,
      bucket: this.#bucket,
      key: this.#prefix + key,
      partSlots: this.#partSlots,
      putWhole: (bytes, sha256) => this.put(key, bytes, { contentType, ifAbsent, sha256 }),
    });
    return {
      write: (bytes) => this.#translate(() => writer.write(bytes), signal),
      complete: async (sha256) => {
        await this.#translate(() => writer.complete(sha256), signal);
        release();
      },
      abort: () => writer.abort().finally(release),
    };
  }

  presign(key: string, { validMs, contentType, contentDisposition }: PresignOptions): Promise<string> {
    assertObjectKey(key);
    const command = new GetObjectCommand({
      Bucket: this.#bucket,
      Key: this.#prefix + key,
      ResponseContentType: contentType,
      ResponseContentDisposition: contentDisposition,
      ResponseCacheControl: 'no-store',
    });
    return this.#translate(() => getSignedUrl(this.#client, command, { expiresIn: Math.floor(validMs / 1000) }));
  }

  async head(key: string): Promise<StoredObject | undefined> {
    assertObjectKey(key);
    const target = { Bucket: this.#bucket, Key: this.#prefix + key };
    return this.#translate(async () => {
      try {
        const { ContentLength } = await this.#client.send(new HeadObjectCommand(target));
        return { key, sizeBytes: ContentLength ?? 0 };
      } catch (error) {
        const status = statusOf(error) ?? 0;
        if (status < 400 || status >= 500) throw error;
        // The answer to HEAD has no body, so it cannot say whether the object, the bucket or the user is unknown. GET can.
        return await this.#headByGet(key);
      }
    });
  }

  async read(key: string, range?: ByteRange): Promise<Readable> {
    assertObjectKey(key);
    if (range) assertRange(range);
    return this.#translate(async () => {
      const { Body } = await this.#client
        .send(
          new GetObjectCommand({
            Bucket: this.#bucket,
            Key: this.#prefix + key,
            Range: range && `bytes=${range.startByte}-${range.endByte}`,
          }),
        )
        .catch((error: unknown) => {
          if (range && statusOf(error) === 416) throw pastTheEnd(range, { cause: error });
          throw error;
        });
      if (!(Body instanceof Readable)) throw new Error('The answer to GetObject has no stream.');
      return Body;
    });
  }

  async *list(prefix: string): AsyncIterable<StoredObject> {
    let token: string | undefined;
    do {
      const page = await this.#translate(() =>
        this.#client.send(
          new ListObjectsV2Command({
            Bucket: this.#bucket,
            Prefix: this.#prefix + prefix,
            ContinuationToken: token,
          }),
        ),
      );
      for (const { Key, Size } of page.Contents ?? []) {
        if (Key) yield { key: Key.slice(this.#prefix.length), sizeBytes: Size ?? 0 };
      }
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token);
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (const key of keys) assertObjectKey(key);
    for (let start = 0; start < keys.length; start += deletedAtOnce) {
      const some = keys.slice(start, start + deletedAtOnce).map((key) => this.#prefix + key);
      await this.#translate(() => deleteObjects(this.#client, this.#bucket, some));
    }
  }

  async removeUnfinished(olderThanMs = UNFINISHED_LIVES_MS): Promise<void> {
    const where = { bucket: this.#bucket, prefix: this.#prefix };
    await this.#translate(() => removeUnfinishedUploads(this.#client, where, olderThanMs));
  }

  async check(): Promise<void> {
    await probeStore(this);
  }

  close(): void {
    this.#client.destroy();
  }

  async #putWhole(key: string, path: string, sizeBytes: number, options: PutFileOptions): Promise<void> {
    options.signal?.throwIfAborted();
    if (options.bytes) return this.put(key, options.bytes, options);
    const bytes = mediaMemory.take(sizeBytes);
    const file = await open(path, 'r');
    try {
      const { bytesRead } = await file.read(bytes, 0, sizeBytes, 0);
      if (bytesRead !== sizeBytes) throw new Error(`${path} became shorter while it was uploaded.`);
    } finally {
      await file.close();
    }
    await this.put(key, bytes, options);
    // Not after a failure: a connection that is given up may still read it.
    mediaMemory.give(bytes);
  }

  async #putInParts(key: string, path: string, sizeBytes: number, options: PutFileOptions): Promise<void> {
    const writer = await this.openWriter(key, { ...options, expectedBytes: sizeBytes });
    try {
      let sentBytes = 0;
      for await (const bytes of createReadStream(path, { highWaterMark: readAtOnceBytes })) {
        await writer.write(bytes);
        sentBytes += bytes.length;
      }
      if (sentBytes !== sizeBytes) throw new Error(`${path} changed its length while it was uploaded.`);
      await writer.complete(options.sha256);
    } catch (error) {
      await writer.abort();
      throw error;
    }
  }

  async #headByGet(key: string): Promise<StoredObject | undefined> {
    try {
      const { Body, ContentLength } = await this.#client.send(
        new GetObjectCommand({ Bucket: this.#bucket, Key: this.#prefix + key }),
      );
      if (Body instanceof Readable) Body.destroy();
      return { key, sizeBytes: ContentLength ?? 0 };
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  async #translate<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw toStorageError(error, this.description);
    }
  }
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof StorageError) return undefined;
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}
