/**
 * What the benchmarks run against: a real LiveKit server, a real S3 server, a control plane in memory, and recorder workers
 * as processes of their own, started as the product starts them.
 */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccessToken, type VideoGrant } from 'livekit-server-sdk';
import { type LiveKit, startLiveKit } from '../../infra/dev/start-livekit.ts';
import { type ObjectServer, startObjectServer } from '../../infra/dev/start-object-server.ts';
import { startWorker } from '../../infra/dev/start-worker.ts';
import { ScriptedPublisher } from '../../infra/publisher/scripted-publisher.ts';
import { SEGMENT_MS } from '../../recorder/contract/segment-length.ts';
import type { RecordTask } from '../../recorder/contract/task-spec.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import { openStore } from '../../storage/open-store.ts';
import { ControlPlaneStandIn } from './control-plane-stand-in.ts';

const STORE_PREFIX = 'bench';
/** More than any benchmark asks for. */
const CAPACITY = 500;

export interface Worker {
  pid: number;
  spoolDir: string;
  controlPlane: ControlPlaneStandIn;
  stop(): Promise<void>;
}

export class BenchRig {
  readonly livekit: LiveKit;
  readonly folder: string;
  readonly store: ObjectStore;
  readonly #objectServer: ObjectServer;

  private constructor(folder: string, livekit: LiveKit, objectServer: ObjectServer, store: ObjectStore) {
    this.folder = folder;
    this.livekit = livekit;
    this.#objectServer = objectServer;
    this.store = store;
  }

  static async start(say: (message: string) => void): Promise<BenchRig> {
    const folder = await mkdtemp(join(tmpdir(), 'participant-recorder-bench-'));
    // Also when it is interrupted: hours of media are gigabytes.
    process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
    const livekit = await startLiveKit({ onProgress: say });
    const objectServer = await startObjectServer({ folder: join(folder, 'objects'), onProgress: say });
    const store = await openStore(objectServer.storageUrl(STORE_PREFIX), objectServer.environment);
    return new BenchRig(folder, livekit, objectServer, store);
  }

  /** Starts it, and stops it whatever happens. */
  static async use<Result>(say: (message: string) => void, work: (rig: BenchRig) => Promise<Result>): Promise<Result> {
    const rig = await BenchRig.start(say);
    try {
      return await work(rig);
    } finally {
      await rig.stop();
    }
  }

  async stop(): Promise<void> {
    this.store.close();
    await Promise.all([this.livekit.stop(), this.#objectServer.stop()]);
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Where the store listens. */
  get storeUrl(): string {
    return this.#objectServer.endpoint;
  }

  /** Into a room of its own, or one that is there. */
  async joinPublisher(room: string, identity: string): Promise<ScriptedPublisher> {
    const token = await this.token(room, identity, { canPublish: true, canSubscribe: false });
    return ScriptedPublisher.join({ url: this.livekit.url, token });
  }

  async token(room: string, identity: string, grant: VideoGrant): Promise<string> {
    const token = new AccessToken(this.livekit.apiKey, this.livekit.apiSecret, { identity, ttl: 86_400 });
    token.addGrant({ roomJoin: true, room, ...grant });
    return token.toJwt();
  }

  /** As the control plane writes it. */
  async task(room: string, identity: string, livekitUrl = this.livekit.url): Promise<RecordTask> {
    const recordingId = randomUUID();
    const attemptId = randomUUID();
    const token = await this.token(room, `recorder-${attemptId}`, {
      canPublish: false,
      canSubscribe: true,
      hidden: true,
      recorder: true,
    });
    return {
      kind: 'record',
      recordingId,
      attemptId,
      epoch: 1,
      livekit: { url: livekitUrl, token },
      room,
      identity,
      tracks: ['camera', 'microphone', 'screen_share', 'screen_share_audio'],
      objectPrefix: `recordings/${recordingId}/${attemptId}/`,
      segmentMs: SEGMENT_MS,
      absentAfterMs: 60_000,
      reconnectWindowMs: 0,
      reportToken: 'bench',
    };
  }

  /** As `npm start` does. `NODE_OPTIONS` reach it too, such as `--cpu-prof`. */
  async startWorker(): Promise<Worker> {
    const controlPlane = await ControlPlaneStandIn.start();
    const spoolDir = join(this.folder, `spool-${randomUUID()}`);
    const child = await startWorker({
      controlUrl: controlPlane.url,
      workerToken: 'bench',
      storageUrl: this.#objectServer.storageUrl(STORE_PREFIX),
      spoolFolder: spoolDir,
      capacity: CAPACITY,
      logLevel: process.env.LOG_LEVEL ?? 'warn',
      environment: { ...this.#objectServer.environment, SHUTDOWN_GRACE_MS: '60000' },
      onLine: (line) => process.stderr.write(`  worker: ${line}\n`),
      stopWithinMs: 65_000,
    });
    void child.ended.then(({ code, signal }) => {
      if (code !== 0) process.stderr.write(`  worker ended with ${code ?? signal}\n`);
    });
    return {
      pid: child.pid,
      spoolDir,
      controlPlane,
      stop: async () => {
        await child.stop();
        await controlPlane.stop();
      },
    };
  }
}
