/** What somebody should look at before anything else, the worst first, in words that name the fix. */
import type { Recording } from '../../_control/api.ts';
import type { LiveHealth, LiveStats, LiveUpkeep } from '../live/live-store.ts';

/** One of the things that something is about: a recording, a webhook. */
export interface AttentionSubject {
  id: string;
  /** Of the page where something can be done about it. */
  href: string;
  /** Anyone's text, as what follows. */
  name: string;
  place?: string;
  text: string;
  /** What one finds there, when the name does not say it. */
  linkText?: string;
}

export interface Attention {
  key: string;
  tone: 'bad' | 'warn';
  title: string;
  text: string;
  /** ISO time. */
  since?: string;
  /** What it is about, newest first; the page shows some of them. */
  about: readonly AttentionSubject[];
  /** Failures can be dismissed up to the newest of them. */
  dismissAt?: string;
}

interface Seen {
  livekit: 'up' | 'down';
  /** Null: not known yet. */
  health: LiveHealth | null;
  /** Null: not known yet, or not for who looks. */
  upkeep: LiveUpkeep | null;
  /** Newest first. */
  unfinished: readonly Recording[];
  failed: readonly Recording[];
  /** Newest figures of recorders that warn, by recording. */
  warnings: ReadonlyMap<string, LiveStats>;
  /** Failures up to this ISO time were dismissed. */
  dismissedUntil: string;
}

const aboutRecordings = (recordings: readonly Recording[], textOf: (recording: Recording) => string) =>
  recordings.map((recording) => {
    const { id, identity, room } = recording;
    return { id, href: `/recordings/${id}`, name: identity, place: room, text: textOf(recording) };
  });

export function findAttention(seen: Seen): Attention[] {
  return [
    ...brokenParts(seen),
    ...uploads(seen),
    ...spools(seen),
    ...queue(seen),
    ...failures(seen),
    ...webhooks(seen),
    ...versions(seen),
  ];
}

function brokenParts({ livekit, health }: Seen): Attention[] {
  const parts = health?.parts;
  const found: Attention[] = [];
  const add = (key: string, title: string, text: string) => found.push({ key, tone: 'bad', title, text, about: [] });
  if (parts?.database.status === 'down') {
    add(
      'database',
      'The database cannot be reached',
      'Recorders go on and keep what they capture; this page shows what it knew before. Check DATABASE_URL and that Postgres runs.',
    );
  }
  if (livekit === 'down' || parts?.livekit.status === 'down') {
    add(
      'livekit',
      'LiveKit cannot be reached',
      'Rooms are not up to date and nothing new can be recorded. Check that the LiveKit server runs and that LIVEKIT_URL and its keys are right; this page continues by itself.',
    );
  }
  if (parts?.storage.status === 'down') {
    add(
      'storage',
      'The storage cannot be used',
      'Recorders keep on their disks what they capture, and store it when the storage is back. Check STORAGE_URL and its credentials.',
    );
  }
  if (parts?.worker.status === 'down' && parts.database.status === 'up') {
    add(
      'worker',
      'No recorder is running',
      'What should be recorded waits. Start a worker with "recorder serve", and look into the log of the last one.',
    );
  }
  return found;
}

function uploads({ unfinished, warnings }: Seen): Attention[] {
  const troubled = unfinished.filter(({ id }) => warnings.get(id)?.uploadTrouble);
  const sinceUnixMs = Math.min(...troubled.map(({ id }) => warnings.get(id)?.uploadTrouble?.sinceUnixMs ?? Infinity));
  if (troubled.length === 0) return [];
  return [
    {
      key: 'uploads',
      tone: 'bad',
      title: `${recordings(troubled.length)} cannot be stored`,
      text: 'The recorder keeps on its disk what it captures and tries again until it is stored.',
      since: new Date(sinceUnixMs).toISOString(),
      about: aboutRecordings(troubled, ({ id }) => warnings.get(id)?.uploadTrouble?.message ?? ''),
    },
  ];
}

function spools({ unfinished, warnings }: Seen): Attention[] {
  const filling = unfinished.filter(({ id }) => warnings.get(id)?.spoolWarning);
  if (filling.length === 0) return [];
  return [
    {
      key: 'spool',
      tone: 'bad',
      title: 'The disk of a recorder is filling up',
      text: `${recordings(filling.length)} will end when it is full.`,
      about: aboutRecordings(filling, ({ id }) => warnings.get(id)?.spoolWarning ?? ''),
    },
  ];
}

function queue({ unfinished }: Seen): Attention[] {
  const waiting = unfinished.filter(({ waiting }) => waiting?.reason === 'recorder');
  const retried = unfinished.filter(({ waiting }) => waiting?.reason === 'retry');
  const found: Attention[] = [];
  if (waiting.length > 0) {
    found.push({
      key: 'queue',
      tone: 'warn',
      title: `${recordings(waiting.length)} ${waiting.length === 1 ? 'waits' : 'wait'} for a free recorder`,
      text: 'All recorders are full. Start another worker, or stop what need not be recorded.',
      about: aboutRecordings(waiting, (recording) => recording.waiting?.message ?? ''),
    });
  }
  if (retried.length > 0) {
    found.push({
      key: 'retry',
      tone: 'warn',
      title: `${recordings(retried.length)} could not be begun yet`,
      text: 'It is tried again by itself.',
      about: aboutRecordings(retried, (recording) => recording.waiting?.message ?? ''),
    });
  }
  return found;
}

function failures({ failed, dismissedUntil }: Seen): Attention[] {
  const open = failed.filter((recording) => failedAt(recording) > dismissedUntil);
  const newest = open.map(failedAt).sort().at(-1);
  if (newest === undefined) return [];
  return [
    {
      key: 'failed',
      tone: 'bad',
      title: `${recordings(open.length)} failed`,
      text: 'What was captured until then is kept.',
      about: aboutRecordings(open, ({ error }) => error?.message ?? 'No reason was given.'),
      dismissAt: newest,
    },
  ];
}

function webhooks({ upkeep }: Seen): Attention[] {
  const all = upkeep?.webhooks ?? [];
  const off = all.filter(({ disabledReason }) => disabledReason !== null);
  const failing = all.filter(({ disabledReason }) => disabledReason === null);
  const about = (some: typeof all) =>
    some.map(({ id, host, disabledReason }) => ({
      id,
      href: `/settings/webhooks/${id}`,
      name: host,
      text: disabledReason ?? '',
      linkText: 'Open its log',
    }));
  const found: Attention[] = [];
  if (off.length > 0) {
    found.push({
      key: 'webhooks-off',
      tone: 'bad',
      title: off.length === 1 ? 'A webhook switched itself off' : `${off.length} webhooks switched themselves off`,
      text: 'No messages are sent any more. Put the receiver right and switch it on again, or leave it off.',
      about: about(off),
    });
  }
  if (failing.length > 0) {
    found.push({
      key: 'webhooks-failing',
      tone: 'warn',
      title: `${countOf(failing.length, 'webhook')} ${failing.length === 1 ? 'is' : 'are'} failing`,
      text: 'Messages are sent again for a day. The log says what the receiver answers.',
      since: failing
        .flatMap(({ failingSince }) => failingSince ?? [])
        .sort()
        .at(0),
      about: about(failing),
    });
  }
  return found;
}

function versions({ upkeep }: Seen): Attention[] {
  const others = upkeep?.otherWorkers ?? [];
  if (others.length === 0) return [];
  const it = others.length === 1 ? 'it' : 'each';
  return [
    {
      key: 'versions',
      tone: 'warn',
      title: `${countOf(others.length, 'recorder')} of another version`,
      text: `The dashboard runs ${upkeep?.version}. Restart ${it} with the same: what ${it} records is finished or handed over first.`,
      about: others.map(({ id, version }) => ({
        id,
        href: '/settings/connections',
        name: id.slice(0, 8),
        text: version === null ? 'Does not say what it runs, so it is older' : `Runs ${version}`,
      })),
    },
  ];
}

function failedAt({ stoppedAt, requestedAt }: Recording): string {
  return stoppedAt ?? requestedAt;
}

function recordings(count: number): string {
  return countOf(count, 'recording');
}

function countOf(count: number, noun: string): string {
  return count === 1 ? `A ${noun}` : `${count} ${noun}s`;
}
