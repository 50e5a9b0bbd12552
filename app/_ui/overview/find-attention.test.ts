import { expect, it } from 'vitest';
import { noLiveStats } from '../../../recorder/contract/report.ts';
import type { Recording } from '../../_control/api.ts';
import type { LiveHealth } from '../live/live-store.ts';
import { findAttention } from './find-attention.ts';

const up = { status: 'up', detail: '' } as const;
const down = { status: 'down', detail: '' } as const;
const health = (parts: Partial<LiveHealth['parts']> = {}): LiveHealth => ({
  status: 'up',
  parts: { database: up, storage: up, livekit: up, worker: up, ...parts },
});
const recording = (id: string, more: Partial<Recording> = {}) =>
  ({
    id,
    status: 'recording',
    requestedAt: '2026-01-01T10:00:00Z',
    stoppedAt: null,
    waiting: null,
    ...more,
  }) as Recording;
const wellKept = { webhooks: [], otherWorkers: [], version: '1.0.0' };
const nothing = {
  livekit: 'up' as const,
  health: health(),
  upkeep: null,
  unfinished: [],
  failed: [],
  warnings: new Map(),
  dismissedUntil: '',
};
const keys = (seen: Partial<typeof nothing> | object) => findAttention({ ...nothing, ...seen }).map(({ key }) => key);

it('is silent while all is well, and while health is not known yet', () => {
  expect(keys({})).toEqual([]);
  expect(keys({ health: null })).toEqual([]);
});

it('names the part that is down; without the database nothing is said of workers, which it lists', () => {
  expect(keys({ health: health({ storage: down, worker: down }) })).toEqual(['storage', 'worker']);
  expect(keys({ health: health({ database: down, worker: down }) })).toEqual(['database']);
  expect(keys({ livekit: 'down' })).toEqual(['livekit']);
});

it('says since when uploads fail: since the first of them', () => {
  const trouble = (sinceUnixMs: number) => ({ ...noLiveStats, uploadTrouble: { message: 'refused', sinceUnixMs } });
  const warnings = new Map([
    ['a', trouble(2_000)],
    ['b', trouble(1_000)],
    ['over', trouble(0)],
  ]);
  const [found] = findAttention({ ...nothing, unfinished: [recording('a'), recording('b'), recording('c')], warnings });
  expect(found).toMatchObject({ key: 'uploads', title: '2 recordings cannot be stored' });
  expect(found?.since).toBe(new Date(1_000).toISOString());
  expect(found?.about.map(({ id }) => id)).toEqual(['a', 'b']);
});

it('tells what waits for a recorder from what is tried again, and leaves out what only waits for uploads', () => {
  const waiting = (reason: 'recorder' | 'retry' | 'uploads') =>
    recording(reason, { waiting: { reason, message: reason } });
  expect(keys({ unfinished: [waiting('uploads')] })).toEqual([]);
  expect(keys({ unfinished: [waiting('retry'), waiting('recorder')] })).toEqual(['queue', 'retry']);
});

it('shows failures until they are dismissed, and newer ones again', () => {
  const old = recording('old', { status: 'failed', stoppedAt: '2026-01-01T10:05:00Z' });
  const recent = recording('recent', { status: 'failed', stoppedAt: '2026-01-01T10:06:00Z' });
  const [both] = findAttention({ ...nothing, failed: [recent, old] });
  expect(both).toMatchObject({ title: '2 recordings failed', dismissAt: '2026-01-01T10:06:00Z' });
  const [one] = findAttention({ ...nothing, failed: [recent, old], dismissedUntil: '2026-01-01T10:05:00Z' });
  expect(one?.about.map(({ id }) => id)).toEqual(['recent']);
  expect(keys({ failed: [recent, old], dismissedUntil: both?.dismissAt })).toEqual([]);
});

it('tells webhooks that fail, since the first of them, from those that were switched off', () => {
  const webhook = (id: string, more: object) => ({
    id,
    host: `${id}.test`,
    failingSince: null,
    disabledReason: null,
    ...more,
  });
  const [off, failing] = findAttention({
    ...nothing,
    upkeep: {
      ...wellKept,
      webhooks: [
        webhook('late', { failingSince: '2026-01-01T10:06:00Z' }),
        webhook('early', { failingSince: '2026-01-01T10:05:00Z' }),
        webhook('off', { disabledReason: 'It answered 410.', failingSince: '2026-01-01T09:00:00Z' }),
      ],
    },
  });
  expect(off).toMatchObject({ title: 'A webhook switched itself off', about: [{ text: 'It answered 410.' }] });
  expect(failing).toMatchObject({ title: '2 webhooks are failing', since: '2026-01-01T10:05:00Z' });
  expect(failing?.about.map(({ name, href }) => [name, href])).toEqual([
    ['late.test', '/settings/webhooks/late'],
    ['early.test', '/settings/webhooks/early'],
  ]);
  expect(keys({ upkeep: wellKept })).toEqual([]);
});

it('points out recorders of another version, and those that are too old to say', () => {
  const otherWorkers = [
    { id: '11111111-0000', version: '0.9.0' },
    { id: '22222222-0000', version: null },
  ];
  const [found] = findAttention({ ...nothing, upkeep: { ...wellKept, otherWorkers } });
  expect(found).toMatchObject({ title: '2 recorders of another version', text: expect.stringContaining('1.0.0') });
  expect(found?.about.map(({ name, text }) => [name, text])).toEqual([
    ['11111111', 'Runs 0.9.0'],
    ['22222222', expect.stringContaining('older')],
  ]);
});
