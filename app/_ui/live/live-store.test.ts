import { expect, it } from 'vitest';
import type { Recording } from '../../_control/api.ts';
import { type EventStream, LiveStore, maxSamples } from './live-store.ts';

class Stream implements EventStream {
  readyState = 1;
  private readonly listeners = new Map<string, (event: MessageEvent<string>) => void>();

  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void {
    this.listeners.set(type, listener);
  }

  close(): void {
    this.readyState = 2;
  }

  emit(type: string, data: unknown = null): void {
    this.listeners.get(type)?.({ data: JSON.stringify(data) } as MessageEvent<string>);
  }
}

function liveStore() {
  const streams: Stream[] = [];
  const timers: { callback: () => void; delayMs: number; cancelled: boolean }[] = [];
  const refusals: Stream[] = [];
  let frame: (() => void) | null = null;
  const store = new LiveStore({
    openStream: () => {
      const stream = new Stream();
      streams.push(stream);
      return stream;
    },
    onRefused: () => refusals.push(streams.at(-1) as Stream),
    schedule: (notify) => {
      frame = notify;
    },
    setTimer: (callback, delayMs) => {
      const timer = { callback, delayMs, cancelled: false };
      timers.push(timer);
      return () => {
        timer.cancelled = true;
      };
    },
    now: () => 7,
  });
  return {
    store,
    timers,
    refusals,
    stream: () => streams.at(-1) as Stream,
    streams,
    nextFrame: () => {
      frame?.();
      frame = null;
    },
  };
}

const recording = (id: string, status: Recording['status'] = 'recording') => ({ id, status, stats: null }) as Recording;
const stats = (durationMs: number) => ({ durationMs });
const sample = (durationMs: number) => ({ durationMs, heardAtMs: 7 });

it('tells its readers once for all events of a frame', () => {
  const { store, stream, nextFrame } = liveStore();
  let told = 0;
  store.subscribe(() => {
    told += 1;
  });
  store.open();
  stream().emit('open');
  stream().emit('recording.updated', recording('a'));
  stream().emit('recording.stats', { id: 'a', stats: stats(1000) });
  nextFrame();
  expect(told).toBe(1);
  expect(store.snapshot().connection).toBe('open');
  expect(store.snapshot().recordings.get('a')?.status).toBe('recording');
  expect(store.snapshot().samples.get('a')).toEqual([sample(1000)]);
});

it('leaves the samples of one recording untouched when another one reports', () => {
  const { store, stream, nextFrame } = liveStore();
  store.open();
  stream().emit('recording.stats', { id: 'a', stats: stats(1) });
  nextFrame();
  const before = store.snapshot().samples.get('a');
  stream().emit('recording.stats', { id: 'b', stats: stats(2) });
  nextFrame();
  expect(store.snapshot().samples.get('a')).toBe(before);
});

it('keeps two minutes of samples', () => {
  const { store, stream, nextFrame } = liveStore();
  store.open();
  for (let second = 0; second < maxSamples + 5; second += 1) {
    stream().emit('recording.stats', { id: 'a', stats: stats(second) });
  }
  nextFrame();
  const samples = store.snapshot().samples.get('a');
  expect(samples).toHaveLength(maxSamples);
  expect(samples?.at(-1)).toEqual(sample(maxSamples + 4));
});

it('does not let the answer of a start overwrite an event that was quicker', () => {
  const { store, stream, nextFrame } = liveStore();
  store.open();
  stream().emit('recording.updated', recording('a', 'recording'));
  store.expectRecording(recording('a', 'requested'));
  nextFrame();
  expect(store.snapshot().recordings.get('a')?.status).toBe('recording');
});

it('does not bring a deleted recording back when a late update arrives', () => {
  const { store, stream, nextFrame } = liveStore();
  store.open();
  store.forgetRecording('a');
  stream().emit('recording.updated', recording('a'));
  nextFrame();
  expect(store.snapshot().recordings.has('a')).toBe(false);
  expect(store.snapshot().deleted.has('a')).toBe(true);
});

it('keeps what it knows while the browser reconnects by itself', () => {
  const { store, stream, streams, nextFrame } = liveStore();
  store.open();
  stream().emit('open');
  stream().emit('recording.updated', recording('a'));
  stream().readyState = 0;
  stream().emit('error');
  nextFrame();
  expect(store.snapshot().connection).toBe('lost');
  expect(store.snapshot().recordings.has('a')).toBe(true);
  expect(streams).toHaveLength(1);
});

it('starts over with growing delays when the browser gave up, and asks for a fresh page once it is back', () => {
  const { store, stream, timers, nextFrame } = liveStore();
  let stale = 0;
  store.onStale(() => {
    stale += 1;
  });
  store.open();
  stream().emit('open');
  stream().emit('recording.updated', recording('a'));
  stream().readyState = 2;
  stream().emit('error');
  nextFrame();
  expect(store.snapshot().recordings.has('a'), 'it is looked at while nothing newer is known').toBe(true);
  timers[0]?.callback();
  stream().readyState = 2;
  stream().emit('error');
  timers[1]?.callback();
  expect(timers.map((timer) => timer.delayMs)).toEqual([500, 1000]);
  expect(stale).toBe(0);
  stream().emit('open');
  nextFrame();
  expect(stale).toBe(1);
  expect(store.snapshot().recordings.size).toBe(0);
});

it('asks for nothing more once the session has ended, until the tab is looked at anew', () => {
  const { store, stream, streams, timers, refusals, nextFrame } = liveStore();
  let stale = 0;
  store.onStale(() => {
    stale += 1;
  });
  const refuse = () => {
    stream().readyState = 2;
    stream().emit('error');
    nextFrame();
  };
  store.open();
  stream().emit('open');
  stream().emit('recording.updated', recording('a'));
  refuse();
  expect(refusals).toHaveLength(1);
  store.signOut();
  nextFrame();
  expect(store.snapshot().connection).toBe('signed-out');
  expect(store.snapshot().recordings.has('a'), 'what was seen stays').toBe(true);
  expect(timers.map(({ cancelled }) => cancelled)).toEqual([true]);

  store.open();
  refuse();
  expect(store.snapshot().connection).toBe('signed-out');
  expect(timers).toHaveLength(1);

  store.open();
  stream().emit('open');
  nextFrame();
  expect(store.snapshot().connection).toBe('open');
  expect(stale, 'who signed in meanwhile may see something else').toBe(1);
  expect(streams).toHaveLength(3);
});

it('ends an open stream when an answer of the API says that the session has ended', () => {
  const { store, stream, timers, nextFrame } = liveStore();
  store.open();
  stream().emit('open');
  store.signOut();
  nextFrame();
  expect(stream().readyState).toBe(2);
  expect(store.snapshot().connection).toBe('signed-out');
  expect(timers).toHaveLength(0);
});

it('drops finished recordings before active ones when it holds too many', () => {
  const { store, stream, nextFrame } = liveStore();
  store.open();
  stream().emit('recording.updated', recording('active'));
  for (let index = 0; index < 600; index += 1) stream().emit('recording.updated', recording(`r${index}`, 'ready'));
  nextFrame();
  expect(store.snapshot().recordings.size).toBe(500);
  expect(store.snapshot().recordings.has('active')).toBe(true);
});

it('shows readers of one frame no samples of the next', () => {
  const { store, stream, nextFrame } = liveStore();
  store.open();
  stream().emit('recording.stats', { id: 'a', stats: stats(1) });
  nextFrame();
  const seen = store.snapshot().samples;
  stream().emit('recording.stats', { id: 'a', stats: stats(2) });
  stream().emit('recording.stats', { id: 'b', stats: stats(2) });
  expect([...seen]).toEqual([['a', [sample(1)]]]);
  nextFrame();
  expect(store.snapshot().samples.get('a')).toEqual([sample(1), sample(2)]);
});

it('keeps what a recorder warns of until it says otherwise, and tells nobody that it says it again', () => {
  const { store, stream, nextFrame } = liveStore();
  const trouble = { ...stats(1), uploadTrouble: { message: 'refused', sinceUnixMs: 5 } };
  store.open();
  stream().emit('recording.stats', { id: 'a', stats: trouble });
  nextFrame();
  const { warnings } = store.snapshot();
  expect(warnings.get('a')?.uploadTrouble?.message).toBe('refused');
  stream().emit('recording.stats', { id: 'a', stats: { ...trouble, durationMs: 2 } });
  nextFrame();
  expect(store.snapshot().warnings).toBe(warnings);
  stream().emit('recording.stats', { id: 'a', stats: stats(3) });
  nextFrame();
  expect(store.snapshot().warnings.size).toBe(0);
});
