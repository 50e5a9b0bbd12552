import { DeleteObjectCommand, DeleteObjectsCommand, type S3Client } from '@aws-sdk/client-s3';

/** Servers that have no DeleteObjects, or want it otherwise, answer one of these. */
const noBulkDeleteCodes = new Set(['NotImplemented', 'MissingContentMD5', 'InvalidRequest', 'MethodNotAllowed']);

/** In one request, or in one each where the server has none for several. At most 1000. */
export async function deleteObjects(client: S3Client, Bucket: string, keys: readonly string[]): Promise<void> {
  const Objects = keys.map((Key) => ({ Key }));
  try {
    const { Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    const [first] = (Errors ?? []).filter(({ Code }) => Code !== 'NoSuchKey');
    if (first) throw Object.assign(new Error(first.Message), { name: first.Code, $metadata: { httpStatusCode: 403 } });
  } catch (error) {
    if (!noBulkDeleteCodes.has((error as Error).name)) throw error;
    for (const { Key } of Objects) await client.send(new DeleteObjectCommand({ Bucket, Key }));
  }
}
