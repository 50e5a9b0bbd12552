/** A store for a product: an S3 server behind paths that can break, or a folder. */
import { pathToFileURL } from 'node:url';
import type { ObjectStore } from '../../storage/object-store.ts';
import { openStore } from '../../storage/open-store.ts';
import { type ObjectServer, startObjectServer } from '../dev/start-object-server.ts';
import { HttpFaultProxy } from './http-fault-proxy.ts';
import type { Paths } from './paths.ts';
import { TcpFaultProxy } from './tcp-fault-proxy.ts';

export interface StoreParts {
  /** Ours, past every path. */
  store: ObjectStore;
  /** The product's, through them. */
  storageUrl: string;
  /** Absent when a folder is the store, as are its paths. */
  objectServer?: ObjectServer;
  storePath?: TcpFaultProxy;
  storeHttp?: HttpFaultProxy;
}

export async function startStore(options: {
  /** Set: it is the store. */
  folder: string | undefined;
  serverFolder: string;
  paths: Paths;
}): Promise<StoreParts> {
  const { folder, paths } = options;
  if (folder !== undefined) {
    const storageUrl = pathToFileURL(folder).href;
    return { storageUrl, store: await openStore(storageUrl, {}) };
  }
  const objectServer = await startObjectServer({ folder: options.serverFolder });
  const storeHttp = paths.add(await HttpFaultProxy.start(Number(new URL(objectServer.endpoint).port)));
  const storePath = paths.add(await TcpFaultProxy.start(storeHttp.port));
  const direct = objectServer.storageUrl('faults');
  const through = encodeURIComponent(`http://127.0.0.1:${storePath.port}`);
  return {
    objectServer,
    storeHttp,
    storePath,
    storageUrl: direct.replace(encodeURIComponent(objectServer.endpoint), through),
    store: await openStore(direct, objectServer.environment),
  };
}
