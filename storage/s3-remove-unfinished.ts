import { AbortMultipartUploadCommand, ListMultipartUploadsCommand, type S3Client } from '@aws-sdk/client-s3';

/**
 * Discards uploads in parts that were begun some time ago and never completed: whoever sent them died. Their parts are
 * listed nowhere, and paid for.
 */
export async function removeUnfinishedUploads(
  client: S3Client,
  where: { bucket: string; prefix: string },
  olderThanMs: number,
): Promise<void> {
  const target = { Bucket: where.bucket, Prefix: where.prefix };
  let marker: { KeyMarker?: string; UploadIdMarker?: string } = {};
  for (;;) {
    const page = await client.send(new ListMultipartUploadsCommand({ ...target, ...marker }));
    for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
      if (!Key || !UploadId || !Initiated || Date.now() - Initiated.getTime() < olderThanMs) continue;
      await client.send(new AbortMultipartUploadCommand({ Bucket: where.bucket, Key, UploadId }));
    }
    if (!page.IsTruncated) return;
    marker = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
  }
}
