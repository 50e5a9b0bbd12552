/**
 * A real S3 server for tests: versitygw over a folder, with one bucket. It checks credentials, ranges and conditions as
 * S3 does, which a mock does not.
 */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type ChildEnd, startChild } from './child-process.ts';
import { findOnPath } from './find-on-path.ts';
import { freePort } from './free-port.ts';
import { buildGoTool, findCachedGoTool } from './go-tool.ts';
import { Sentence } from './prepare.mjs';

export interface ObjectServerOptions {
  /** Holds the buckets as folders, and their metadata beside them: not every file system has attributes for it. */
  folder: string;
  port?: number;
  onLine?: (line: string) => void;
  onProgress?: (message: string) => void;
}

export interface ObjectServer {
  /** http://127.0.0.1:… */
  endpoint: string;
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** As STORAGE_URL takes it, with this prefix inside the bucket. */
  storageUrl(prefix: string): string;
  /** AWS_… variables for a process that uses it. */
  environment: Record<string, string>;
  ended: Promise<ChildEnd>;
  stop(): Promise<void>;
}

const goTool = { name: 'versitygw', module: 'github.com/versity/versitygw/cmd/versitygw@v1.8.0' };
const region = 'us-east-1';
const bucket = 'recordings';

export async function startObjectServer(options: ObjectServerOptions): Promise<ObjectServer> {
  const program =
    findOnPath('versitygw') ?? findCachedGoTool(goTool) ?? (await buildGoTool(goTool, options.onProgress));
  if (!program) {
    throw new Sentence(
      'The tests need an S3 server: put versitygw (https://github.com/versity/versitygw/releases) on PATH, or install Go 1.25 or newer, which builds it.',
    );
  }
  const buckets = join(options.folder, 'buckets');
  const metadata = join(options.folder, 'metadata');
  await mkdir(join(buckets, bucket), { recursive: true });
  await mkdir(metadata, { recursive: true });
  const port = options.port ?? (await freePort());
  const accessKeyId = randomBytes(10).toString('hex');
  const secretAccessKey = randomBytes(20).toString('hex');
  const child = await startChild({
    name: 'versitygw',
    command: program,
    args: [
      '--port',
      `127.0.0.1:${port}`,
      '--region',
      region,
      '--keep-alive',
      '--quiet',
      'posix',
      '--sidecar',
      metadata,
      buckets,
    ],
    env: { ...process.env, ROOT_ACCESS_KEY: accessKeyId, ROOT_SECRET_KEY: secretAccessKey },
    onLine: options.onLine,
  });
  let gone = false;
  void child.ended.then(() => {
    gone = true;
  });
  for (let turn = 0; !(await accepts(port)); turn++) {
    if (gone || turn === 200) {
      await child.stop();
      throw new Sentence(`versitygw did not start on port ${port}: ${child.tail()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    region,
    bucket,
    accessKeyId,
    secretAccessKey,
    storageUrl: (prefix) =>
      `s3://${bucket}/${prefix}?endpoint=${encodeURIComponent(endpoint)}&region=${region}&forcePathStyle=true`,
    environment: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
    ended: child.ended,
    stop: () => child.stop(),
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
