/**
 * Uploads a file in parts that are read where they lie, a few at once. On failure or abort, parts under way are waited
 * for and the upload is discarded, before this rejects.
 *
 * @aws-sdk/lib-storage rejects at once on abort while parts are still being sent, and a single put cannot be stopped; parts
 * that arrive after the clean-up would stay in the bucket, unseen and paid for.
 */
import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';

/** S3 takes at most 10,000 parts of at least 5 MiB. */
const mostParts = 10_000;
const leastPartBytes = 8 * 1024 * 1024;
/** Times the part size is the memory of an upload. */
const partsAtOnce = 3;

const discardTries = 5;
const discardAgainAfterMs = 200;

type Upload = { Bucket: string; Key: string; UploadId: string | undefined };

export interface S3FileUpload {
  client: S3Client;
  bucket: string;
  key: string;
  path: string;
  sizeBytes: number;
  contentType: string;
  ifAbsent: boolean;
  signal: AbortSignal | undefined;
}

export async function uploadFileInParts(upload: S3FileUpload): Promise<void> {
  const { client, signal } = upload;
  const target = { Bucket: upload.bucket, Key: upload.key };
  // Not abortable: that would leave an upload whose id nobody knows.
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ ...target, ContentType: upload.contentType }),
  );
  try {
    signal?.throwIfAborted();
    const parts = await sendParts(upload, { ...target, UploadId });
    signal?.throwIfAborted();
    // Not abortable either: a completion that was sent may have happened.
    await client.send(
      new CompleteMultipartUploadCommand({
        ...target,
        UploadId,
        MultipartUpload: { Parts: parts },
        IfNoneMatch: upload.ifAbsent ? '*' : undefined,
      }),
    );
  } catch (error) {
    await discardParts(client, { ...target, UploadId }).catch(() => {
      // The store is gone; a lifecycle rule of the bucket for unfinished uploads is what is left.
    });
    throw error;
  }
}

/** A part whose connection was lost may still be on its way into the store when the upload is aborted, and survive it. */
async function discardParts(client: S3Client, upload: Upload): Promise<void> {
  for (let triesLeft = discardTries; triesLeft > 0; triesLeft--) {
    await client.send(new AbortMultipartUploadCommand(upload));
    const isGone = await client.send(new ListPartsCommand(upload)).then(
      () => false,
      (error: Error) => error.name === 'NoSuchUpload',
    );
    if (isGone) return;
    await delay(discardAgainAfterMs);
  }
}

async function sendParts({ client, path, sizeBytes, signal }: S3FileUpload, target: Upload): Promise<CompletedPart[]> {
  const partBytes = Math.max(leastPartBytes, Math.ceil(sizeBytes / mostParts));
  const partCount = Math.ceil(sizeBytes / partBytes);
  const parts: CompletedPart[] = [];
  const failure = new AbortController();
  const stop = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal;
  // Heeded between parts: one that is cut off on the way may arrive all the same, after the clean-up.
  const file = await open(path, 'r');
  try {
    let next = 0;
    const sendSome = async () => {
      const buffer = Buffer.allocUnsafe(Math.min(partBytes, sizeBytes));
      for (let index = next++; index < partCount; index = next++) {
        stop.throwIfAborted();
        const length = Math.min(partBytes, sizeBytes - index * partBytes);
        const { bytesRead } = await file.read(buffer, 0, length, index * partBytes);
        if (bytesRead !== length) throw new Error(`${path} became shorter while it was uploaded.`);
        const part = { PartNumber: index + 1 };
        const { ETag } = await client.send(
          new UploadPartCommand({ ...target, ...part, Body: buffer.subarray(0, length) }),
        );
        parts.push({ ...part, ETag });
      }
    };
    const senders = Array.from({ length: Math.min(partsAtOnce, partCount) }, () =>
      sendSome().catch((error: unknown) => {
        failure.abort();
        throw error;
      }),
    );
    const results = await Promise.allSettled(senders);
    signal?.throwIfAborted();
    // The one that failed by itself comes before those that were stopped because of it.
    const failed = results.filter((result) => result.status === 'rejected').map((result): unknown => result.reason);
    if (failed.length > 0) throw failed.find((reason) => (reason as Error).name !== 'AbortError') ?? failed[0];
  } finally {
    await file.close();
  }
  return parts.sort((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0));
}
