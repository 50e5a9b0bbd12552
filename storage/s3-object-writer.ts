/**
 * Writes an object from front to back: in parts that are sent while the next ones are made, or whole when it fits into one.
 *
 * In: bytes, in order. Out: the object, when the last part is acknowledged and the store has put the parts together. Each part is
 * signed with its SHA-256, which the store compares; a store that keeps these digests is also compared with what it
 * put together: the digest of all digests, in order. Aborted or failed, parts under way are waited for and the upload is discarded.
 *
 * @aws-sdk/lib-storage rejects at once on abort while parts are still being sent, and a single put cannot be stopped; parts
 * that arrive after the clean-up would stay in the bucket, unseen and paid for.
 */
import { createHash, webcrypto } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  ListPartsCommand,
  type S3Client,
  type S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { mediaMemory } from './memory-pool.ts';
import { type ObjectWriter, StorageError, type WriterOptions } from './object-store.ts';
import { signedContent } from './s3-signed-content.ts';
import type { Slots } from './slots.ts';

/** S3 takes at most 10,000 parts of at least 5 MiB, and some servers want them all of one size. */
const MOST_PARTS = 10_000;
export const LEAST_PART_BYTES = 8 * 1024 * 1024;
/** What is written may be a little more than was expected. */
const MARGIN = 1.1;

/** What servers answer that refuse headers they do not know. */
const UNKNOWN_HEADER_STATUS = new Set([400, 501]);

const DISCARD_TRIES = 5;
const DISCARD_AGAIN_AFTER_MS = 200;

export interface S3ObjectWriterOptions extends WriterOptions {
  client: S3Client;
  bucket: string;
  key: string;
  /** Of the whole store: times the part size is the memory of parts under way. */
  partSlots: Slots;
  /** For what fits into one part. */
  putWhole(bytes: Uint8Array, sha256: string | undefined): Promise<void>;
}

interface Upload {
  id: string | undefined;
  /** The SHA-256 of each part, and of all. */
  keepsDigests: boolean;
}

interface SentPart extends CompletedPart {
  PartNumber: number;
  sha256: Buffer;
}

export class S3ObjectWriter implements ObjectWriter {
  readonly #options: S3ObjectWriterOptions;
  readonly #partBytes: number;
  /** What the next part is gathered in. */
  #filling: Buffer | undefined;
  #filledBytes = 0;
  /** Of parts that are stored. */
  readonly #idle: Buffer[] = [];
  #upload: Upload | undefined;
  #partCount = 0;
  readonly #sent: SentPart[] = [];
  readonly #sending = new Set<Promise<void>>();
  #failure: { error: unknown } | undefined;

  constructor(options: S3ObjectWriterOptions) {
    this.#options = options;
    this.#partBytes = Math.max(LEAST_PART_BYTES, Math.ceil((options.expectedBytes * MARGIN) / MOST_PARTS));
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let taken = 0; taken < bytes.length; ) {
      // Before the next byte rather than after the last one: what fits into one part exactly is sent whole.
      if (this.#filledBytes === this.#partBytes) await this.#sendPart();
      this.#throwIfEnded();
      const filling = this.#room();
      const some = bytes.subarray(taken, taken + filling.length - this.#filledBytes);
      filling.set(some, this.#filledBytes);
      this.#filledBytes += some.length;
      taken += some.length;
    }
  }

  async complete(sha256?: string): Promise<void> {
    this.#throwIfEnded();
    if (!this.#upload) {
      const whole = this.#filling ?? Buffer.alloc(0);
      await this.#options.putWhole(whole.subarray(0, this.#filledBytes), sha256);
      mediaMemory.give(whole);
      this.#filling = undefined;
      return;
    }
    await this.#sendPart();
    await Promise.all(this.#sending);
    this.#throwIfEnded();
    await this.#putTogether(this.#upload, sha256);
  }

  async abort(): Promise<void> {
    this.#failure ??= { error: new Error('The writing of this object was aborted.') };
    await Promise.all(this.#sending);
    if (!this.#upload) return;
    await this.#discard(this.#upload.id).catch(() => {
      // The store is gone; a lifecycle rule of the bucket for unfinished uploads is what is left.
    });
  }

  /** At least one byte of it is free. What is expected to be small gets no more than it needs. */
  #room(): Buffer {
    const filling = this.#filling;
    if (filling && this.#filledBytes < filling.length) return filling;
    const neededBytes = Math.ceil(this.#options.expectedBytes * MARGIN);
    const isSmall = !filling && !this.#upload && neededBytes < this.#partBytes;
    const room = isSmall
      ? mediaMemory.take(Math.max(1, neededBytes))
      : (this.#idle.pop() ?? Buffer.allocUnsafeSlow(this.#partBytes));
    if (filling) room.set(filling);
    this.#filling = room;
    return room;
  }

  /** Resolves when it is on its way, which takes a free slot. */
  async #sendPart(): Promise<void> {
    const memory = this.#filling;
    if (!memory) return;
    const bytes = memory.subarray(0, this.#filledBytes);
    this.#filling = undefined;
    this.#filledBytes = 0;
    this.#upload ??= await this.#begin();
    const free = await this.#options.partSlots.take();
    const sending = this.#send(this.#upload, ++this.#partCount, bytes)
      // Memory is used again after success only: a connection that is given up may still read it.
      .then(
        () => void this.#idle.push(memory),
        (error: unknown) => {
          this.#failure ??= { error };
        },
      )
      .finally(() => {
        free();
        this.#sending.delete(sending);
      });
    this.#sending.add(sending);
  }

  async #send(upload: Upload, PartNumber: number, bytes: Buffer) {
    if (this.#failure) return;
    const { client, bucket, key } = this.#options;
    // In another thread.
    const sha256 = Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes));
    const digest = upload.keepsDigests ? { ChecksumSHA256: sha256.toString('base64') } : {};
    const command = new UploadPartCommand({
      Bucket: bucket,
      Key: key,
      UploadId: upload.id,
      PartNumber,
      Body: bytes,
      ...digest,
    });
    command.middlewareStack.add(signedContent(sha256.toString('hex')), { step: 'build', name: 'signedContent' });
    const { ETag } = await client.send(command);
    this.#sent.push({ PartNumber, ETag, ...digest, sha256 });
  }

  /** Not abortable: that would leave an upload whose id nobody knows. */
  async #begin(): Promise<Upload> {
    const { client, bucket, key, contentType } = this.#options;
    const target = { Bucket: bucket, Key: key, ContentType: contentType };
    const withDigests = new CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: 'SHA256' });
    const { UploadId, ChecksumAlgorithm } = await client.send(withDigests).catch((error: S3ServiceException) => {
      if (!UNKNOWN_HEADER_STATUS.has(error.$metadata?.httpStatusCode ?? 0)) throw error;
      return client.send(new CreateMultipartUploadCommand(target));
    });
    // A server that knows nothing of digests does not say so either.
    return { id: UploadId, keepsDigests: ChecksumAlgorithm === 'SHA256' };
  }

  /** Not abortable either: a completion that was sent may have happened. */
  async #putTogether({ id, keepsDigests }: Upload, sha256: string | undefined): Promise<void> {
    const { client, bucket, key, ifAbsent } = this.#options;
    const parts = this.#sent.sort((a, b) => a.PartNumber - b.PartNumber);
    const { ChecksumSHA256: found } = await client.send(
      new CompleteMultipartUploadCommand({
        Bucket: bucket,
        Key: key,
        UploadId: id,
        MultipartUpload: { Parts: parts.map(({ sha256: _, ...part }) => part) },
        IfNoneMatch: ifAbsent ? '*' : undefined,
      }),
    );
    if (!keepsDigests || !found) return;
    const ofParts = createHash('sha256').update(Buffer.concat(parts.map((part) => part.sha256)));
    // With the number of parts behind a hyphen.
    const [digest] = found.split('-');
    if (digest === ofParts.digest('base64') || digest === Buffer.from(sha256 ?? '', 'hex').toString('base64')) return;
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    throw new StorageError('invalid', `The store made ${key} of other bytes than were sent.`, true);
  }

  /** A part whose connection was lost may still be on its way into the store when the upload is aborted, and survive it. */
  async #discard(UploadId: string | undefined): Promise<void> {
    const { client, bucket, key } = this.#options;
    const upload = { Bucket: bucket, Key: key, UploadId };
    for (let triesLeft = DISCARD_TRIES; triesLeft > 0; triesLeft--) {
      await client.send(new AbortMultipartUploadCommand(upload));
      const isGone = await client.send(new ListPartsCommand(upload)).then(
        () => false,
        (error: Error) => error.name === 'NoSuchUpload',
      );
      if (isGone) return;
      await delay(DISCARD_AGAIN_AFTER_MS);
    }
  }

  #throwIfEnded(): void {
    this.#options.signal?.throwIfAborted();
    if (this.#failure) throw this.#failure.error;
  }
}
