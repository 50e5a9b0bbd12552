/** What rows do again and again with a product: have somebody recorded, wait, and judge what the file holds. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type FinishedFile, type History, VISIBLE_HOLE_MS } from './invariants.ts';
import { costOf, type KillLoss } from './loss.ts';
import type { Participant } from './participant.ts';
import type { Product } from './product.ts';
import { poll } from './product-client.ts';
import type { Verdict } from './row.ts';
import type { WorkerMachine } from './worker-machine.ts';

export interface Subject {
  id: string;
  room: string;
  participant: Participant;
}

const RECORDING_WITHIN_MS = 20_000;
/** A machine with other things to do may hold a process up for so long. */
const SLOW_MACHINE_MS = 2000;

export class Scene {
  readonly product: Product;
  /** False in the short form: a slow machine may take its time. */
  readonly checksDeadlines: boolean;
  readonly participants = new Set<Participant>();
  /** By recording id. */
  readonly shows = new Map<string, Participant>();

  constructor(product: Product, checksDeadlines: boolean) {
    this.product = product;
    this.checksDeadlines = checksDeadlines;
  }

  /** Shorter ones are what a network or a busy machine does. */
  get visibleHoleMs(): number {
    return this.checksDeadlines ? VISIBLE_HOLE_MS : SLOW_MACHINE_MS;
  }

  /** What was sent and had not been captured yet. */
  get #onTheWayMs(): number {
    return this.checksDeadlines ? 100 : SLOW_MACHINE_MS;
  }

  /** Somebody who publishes, and will have left when the row is over. */
  async publishing(room = `room-${randomUUID().slice(0, 8)}`, identity = 'alice') {
    const participant = this.product.participant(room, identity);
    this.participants.add(participant);
    await participant.joinAndPublish();
    return { participant, room };
  }

  /** Somebody whose recording was started by a request and has media. */
  async recorded(): Promise<Subject> {
    const { participant, room } = await this.publishing();
    const { id } = await this.product.api.startRecording(room);
    this.shows.set(id, participant);
    await this.product.api.until(id, ({ status }) => status === 'recording', RECORDING_WITHIN_MS, 'a recording');
    return { id, room, participant };
  }

  async play(ms: number): Promise<void> {
    await delay(ms);
  }

  /** The epoch of the newest attempt. */
  async epochOf(id: string): Promise<number> {
    const [row] = await this.product.parts.database.sql<{ epoch: number }>`
      select epoch from recordings where id = ${id}`;
    return row?.epoch ?? 0;
  }

  async newestAttempt({ id }: Subject): Promise<{ id: string; epoch: number; worker: string | null }> {
    const [row] = await this.product.parts.database.sql<{ id: string; epoch: number; worker: string | null }>`
      select id, epoch, worker_id as worker from attempts where recording_id = ${id} order by epoch desc limit 1`;
    if (!row) throw new Error('Nobody tried to record this.');
    return row;
  }

  /** The machine whose worker holds the newest attempt. */
  async holderOf(subject: Subject): Promise<WorkerMachine> {
    const { worker } = await this.newestAttempt(subject);
    // Workers say their id when they start.
    const machine = this.product.machines.find(({ lines }) => worker && lines.some((line) => line.includes(worker)));
    if (!machine) throw new Error('Nobody holds this recording.');
    return machine;
  }

  /** An attempt after this epoch has media. */
  async untilRecordingAgain({ id }: Subject, afterEpoch: number, withinMs = 30_000): Promise<void> {
    const found = await poll(withinMs, async () => {
      const rows = await this.product.parts.database.sql`
        select id from attempts where recording_id = ${id} and epoch > ${afterEpoch} and state = 'recording'`;
      return rows.length > 0 || undefined;
    });
    if (found) return;
    const last = await this.product.api.recording(id);
    throw new Error(`Not recording again within ${withinMs / 1000} s: ${last.status}, ${JSON.stringify(last.error)}`);
  }

  async leaveAll(): Promise<void> {
    await Promise.all([...this.participants].map((participant) => participant.leave()));
    this.participants.clear();
  }

  /** The file lacks nothing that was sent after its beginning. */
  whole(history: History, { id }: Subject): Verdict {
    const file = this.fileOf(history, id);
    const video = file?.loss?.video;
    const holes = video?.holes ?? [];
    const frames = holes.reduce((sum, hole) => sum + hole.frames, 0);
    const problems = this.readyProblems(history, id);
    const long = holes.filter(({ fromMs, toMs }) => toMs - fromMs >= this.visibleHoleMs);
    if (long.length > 0) problems.push(`Pictures are missing: ${describeHoles(long)}.`);
    return { lost: frames === 0 ? 'nothing' : `${frames} pictures`, recovered: '–', problems };
  }

  /** Each kill cost at most `mostLostMs` of what was captured, and it recorded again within `againWithinMs`. */
  afterKills(
    history: History,
    { id }: Subject,
    killsMs: readonly number[],
    { mostLostMs = 2000, againWithinMs }: { mostLostMs?: number; againWithinMs: number },
  ): Verdict {
    const problems = this.readyProblems(history, id);
    const loss = this.fileOf(history, id)?.loss;
    if (!loss) return { lost: '?', recovered: '?', problems };
    const costs = killsMs.map((killMs) => costOf(loss, killMs));
    for (const { lostMs, recoveredMs } of costs) {
      if (lostMs > mostLostMs + this.#onTheWayMs)
        problems.push(`${seconds(lostMs)} of captured media are lost, more than ${seconds(mostLostMs)}.`);
      if (Number.isNaN(recoveredMs)) problems.push('It did not record again.');
      else if (this.checksDeadlines && recoveredMs > againWithinMs) {
        problems.push(`It recorded again after ${seconds(recoveredMs)}, more than ${seconds(againWithinMs)}.`);
      }
    }
    const elsewhere = loss.video.holes.filter(
      ({ fromMs, toMs }) =>
        toMs - fromMs > this.visibleHoleMs &&
        !killsMs.some((atMs) => fromMs <= atMs + againWithinMs && toMs >= atMs - 100),
    );
    if (elsewhere.length > 0)
      problems.push(`Pictures are missing where nothing was done: ${describeHoles(elsewhere)}.`);
    return { lost: worst(costs, 'lostMs'), recovered: worst(costs, 'recoveredMs'), problems };
  }

  readyProblems({ recordings }: History, id: string): string[] {
    const last = recordings.filter(({ row }) => row.id === id).at(-1)?.row;
    if (last?.status === 'ready') return [];
    return [`The recording is ${last?.status ?? 'not there'}, not ready: ${JSON.stringify(last?.error ?? null)}.`];
  }

  fileOf({ files }: History, id: string): FinishedFile | undefined {
    return files.find(({ recordingId }) => recordingId === id);
  }
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function worst(costs: readonly KillLoss[], key: keyof KillLoss): string {
  const values = costs.map((cost) => cost[key]);
  return seconds(Math.max(...values));
}

function describeHoles(holes: readonly { fileFromMs: number; toMs: number; fromMs: number }[]): string {
  return holes
    .slice(0, 5)
    .map(({ fileFromMs, fromMs, toMs }) => `${seconds(toMs - fromMs)} at ${seconds(fileFromMs)}`)
    .join(', ');
}
