/**
 * The API over HTTP for tests of programs that use it: the real routes on a database and a store of their own, without
 * building pages.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { beginRecording } from '../../app/_control/begin-recording.ts';
import { adminApiKey } from '../../app/_control/testing/call-route.ts';
import { loadRoutes } from '../../app/_control/testing/load-routes.ts';
import { poolOf } from '../../app/_control/testing/pool-of.ts';
import { type TestServers, testControl } from '../../app/_control/testing/test-control.ts';
import { useControlPlane } from '../../app/_control/testing/use-control-plane.ts';
import { wishOf } from '../../app/_control/testing/wish-of.ts';

export interface ServedControlPlane {
  url: string;
  apiKey: string;
  /** What was asked: `GET /api/v1/rooms`, with the range when there was one. */
  asked: string[];
  /** A recording that is over, whose file holds these bytes. */
  addRecording(room: string, identity: string, bytes: Uint8Array): Promise<string>;
  close(): Promise<void>;
}

export async function serveControlPlane(servers: TestServers): Promise<ServedControlPlane> {
  const control = await testControl(servers);
  // biome-ignore lint/correctness/useHookAtTopLevel: no hook of React, in spite of its name.
  useControlPlane(control);
  // What names a place comes before what names any.
  const routes = [...(await loadRoutes())].sort(([one], [other]) => one.split('{').length - other.split('{').length);
  const asked: string[] = [];

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
    const method = incoming.method ?? 'GET';
    asked.push([method, url.pathname, incoming.headers.range].filter(Boolean).join(' '));
    for (const [path, handlers] of routes) {
      const match = new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`).exec(url.pathname);
      const handler = match && handlers[method];
      if (!handler) continue;
      const params = Object.fromEntries(
        Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
      );
      const hasBody = method !== 'GET' && method !== 'HEAD';
      const request = new Request(url, {
        method,
        headers: incoming.headers as Record<string, string>,
        ...(hasBody && { body: Readable.toWeb(incoming) as ReadableStream, duplex: 'half' }),
      });
      const response = await handler(request, { params: Promise.resolve(params) });
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      if (response.body) await pipeline(Readable.fromWeb(response.body as never), outgoing);
      else outgoing.end();
      return;
    }
    outgoing.writeHead(404).end();
  };
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey: adminApiKey,
    asked,
    async addRecording(room, identity, bytes) {
      const { recording } = await beginRecording(control.database.db, wishOf({ room, identity }));
      const pool = poolOf(() => control);
      const task = await pool.claimRecord();
      await pool.report(task, { startedAtUnixMs: Date.now() });
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const media = await pool.storeFinished(task, { sizeBytes: bytes.byteLength, sha256 });
      await control.store.delete([media.key]);
      await control.store.put(media.key, bytes, { contentType: media.contentType });
      await pool.report(task, {
        state: 'ended',
        startedAtUnixMs: Date.now(),
        outcome: { kind: 'finished', stopReason: 'requested', media: [media] },
      });
      return recording.id;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await control.close();
    },
  };
}
