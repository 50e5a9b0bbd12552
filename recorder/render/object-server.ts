/**
 * Objects of the store as addresses that ffmpeg can seek in, wherever the store is: a server on the loopback interface that answers byte
 * ranges, for as long as it is needed. Its addresses cannot be guessed.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { type ObjectStore, StorageError } from '../../storage/object-store.ts';

export interface ServedObject {
  key: string;
  contentType: string;
  sizeBytes: number;
}

export class ObjectServer {
  readonly #server: Server;
  readonly #secret: string;
  readonly #objects: readonly ServedObject[];
  readonly #store: Pick<ObjectStore, 'read'>;
  #failure: StorageError | undefined;

  private constructor(store: Pick<ObjectStore, 'read'>, objects: readonly ServedObject[]) {
    this.#store = store;
    this.#objects = objects;
    this.#secret = randomBytes(16).toString('hex');
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async open(store: Pick<ObjectStore, 'read'>, objects: readonly ServedObject[]): Promise<ObjectServer> {
    const server = new ObjectServer(store, objects);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject);
      server.#server.listen(0, '127.0.0.1', resolve);
    });
    return server;
  }

  /** @param index of the objects it was opened with */
  urlOf(index: number): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/${this.#secret}/${index}`;
  }

  /** Why something could not be read lately: its reader only learns that it could not. */
  get failure(): StorageError | undefined {
    return this.#failure;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, secret, index = ''] = (request.url ?? '').split('/');
    const object = secret === this.#secret ? this.#objects[Number(index)] : undefined;
    if (!object) return void response.writeHead(404).end();
    const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    const startByte = Number(asked?.[1] ?? 0);
    const endByte = Math.min(object.sizeBytes - 1, asked?.[2] ? Number(asked[2]) : object.sizeBytes - 1);
    if (startByte > endByte) {
      return void response.writeHead(416, { 'content-range': `bytes */${object.sizeBytes}` }).end();
    }
    try {
      const content = await this.#store.read(object.key, { startByte, endByte });
      content.once('error', (error) => {
        // A reader that left ends it as well.
        if (!response.destroyed)
          this.#failure = new StorageError('unreachable', brokenOff(error), true, { cause: error });
      });
      response.writeHead(asked ? 206 : 200, {
        'accept-ranges': 'bytes',
        'content-type': object.contentType,
        'content-length': endByte - startByte + 1,
        ...(asked && { 'content-range': `bytes ${startByte}-${endByte}/${object.sizeBytes}` }),
      });
      // A reader that seeks leaves in the middle; then the store's stream ends too.
      await pipeline(content, response);
    } catch (error) {
      if (error instanceof StorageError) this.#failure = error;
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end();
    }
  }
}

function brokenOff({ message }: Error): string {
  return `The store broke off in the middle of a file (${message}).`;
}
