import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { TrackSource as SdkSource } from '@livekit/rtc-node';
import { RoomServiceClient } from 'livekit-server-sdk';
import pino from 'pino';
import { afterEach, describe, expect, inject, test, vi } from 'vitest';
import { startLiveKit } from '../../infra/dev/start-livekit.ts';
import { systemClock } from '../clock.ts';
import type { EncodedFrame } from '../depacketize/encoded-frame.ts';
import { FaultyLink } from '../rtp/faulty-link.ts';
import { timestampDistance } from '../rtp/sequence-number.ts';
import { TrackReceiver } from '../rtp/track-receiver.ts';
import { EventLog } from './event-log.ts';
import { LiveKitParticipant, type LiveKitParticipantOptions } from './livekit-participant.ts';
import { recorderToken, TestPublisher, type TestServer } from './test-publisher.ts';

const sources = ['camera', 'microphone', 'screen_share', 'screen_share_audio'] as const;
const poll = { timeout: 15_000, interval: 20 };
const cleanups: (() => Promise<unknown>)[] = [];
let rooms = 0;

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function newRoom(): string {
  rooms += 1;
  return `live-${process.pid}-${rooms}`;
}

async function publisherIn(server: TestServer, room: string, identity = 'alice'): Promise<TestPublisher> {
  const publisher = await TestPublisher.join(server, room, identity);
  cleanups.push(() => publisher.leave());
  return publisher;
}

async function record(
  server: TestServer,
  room: string,
  options: Partial<LiveKitParticipantOptions> = {},
): Promise<{ log: EventLog; participant: LiveKitParticipant }> {
  const participant = new LiveKitParticipant({
    url: server.url,
    token: await recorderToken(server, room),
    identity: 'alice',
    sources,
    clock: systemClock,
    log: pino({ level: 'silent' }),
    ...options,
  });
  cleanups.push(() => participant.close());
  const log = new EventLog();
  await participant.connect(log);
  return { log, participant };
}

function timestampsRise(frames: readonly EncodedFrame[]): boolean {
  return frames.every((frame, index) => {
    const before = frames[index - 1];
    return !before || timestampDistance(frame.rtpTimestamp, before.rtpTimestamp) > 0;
  });
}

const ivfNames = { vp8: 'VP80', vp9: 'VP90', av1: 'AV01' } as const;

/** What ffmpeg, which is not ours, makes of the frames: how many pictures, and what it complains about. */
function decode(
  codec: keyof typeof ivfNames | 'h264',
  frames: readonly EncodedFrame[],
): { pictures: number; complaints: string } {
  const parts: Uint8Array[] = [];
  if (codec !== 'h264') {
    const header = Buffer.alloc(32);
    header.write('DKIF', 0);
    header.writeUInt16LE(32, 6);
    header.write(ivfNames[codec], 8);
    header.writeUInt32LE(30, 16);
    header.writeUInt32LE(1, 20);
    parts.push(header);
    for (const [index, { data }] of frames.entries()) {
      const frameHeader = Buffer.alloc(12);
      frameHeader.writeUInt32LE(data.length, 0);
      frameHeader.writeUInt32LE(index, 4);
      parts.push(frameHeader, data);
    }
  } else {
    for (const { data } of frames) {
      const annexB = Buffer.from(data);
      for (let at = 0; at < annexB.length; ) {
        const next = at + 4 + annexB.readUInt32BE(at);
        annexB.writeUInt32BE(1, at);
        at = next;
      }
      parts.push(annexB);
    }
  }
  const format = codec === 'h264' ? 'h264' : 'ivf';
  const run = spawnSync(
    process.env.FFMPEG_PATH ?? 'ffmpeg',
    ['-v', 'error', '-f', format, '-i', 'pipe:0', '-fps_mode', 'passthrough', '-f', 'framecrc', 'pipe:1'],
    { input: Buffer.concat(parts) },
  );
  const pictures = run.stdout
    .toString()
    .split('\n')
    .filter((line) => /^\d/.test(line)).length;
  return { pictures, complaints: run.stderr.toString() };
}

describe.each(['vp8', 'h264'] as const)('%s and Opus', (codec) => {
  test('frames arrive whole, in order, keyframe first, soon after connecting', async () => {
    const server = inject('livekit');
    const room = newRoom();
    const publisher = await publisherIn(server, room);
    const video = await publisher.publishVideo({ codec });
    const audio = await publisher.publishAudio();
    await expect.poll(() => video.captured(), poll).toBeGreaterThan(10);

    const { log, participant } = await record(server, room);
    await expect.poll(() => log.frames(video.sid).length, poll).toBeGreaterThan(90);
    await expect.poll(() => log.reports(video.sid).length * log.reports(audio.sid).length, poll).toBeGreaterThan(0);
    await participant.close();

    const pictures = log.frames(video.sid);
    const first = pictures[0];
    expect(first).toMatchObject({ codec, isKeyframe: true, width: 640, height: 360 });
    expect(timestampsRise(pictures)).toBe(true);
    expect(pictures.filter((frame) => frame.afterLoss)).toEqual([]);
    expect(decode(codec, pictures)).toEqual({ pictures: pictures.length, complaints: '' });

    const sounds = log.frames(audio.sid);
    expect(log.tracks('microphone')).toMatchObject([{ codec: 'opus', clockRate: 48_000, channels: 2 }]);
    const steps = new Set(
      sounds.slice(1).map((frame, index) => timestampDistance(frame.rtpTimestamp, sounds[index]?.rtpTimestamp ?? 0)),
    );
    expect(steps).toEqual(new Set([960]));

    // The publisher's clock is this machine's.
    const report = log.reports(video.sid)[0];
    expect(Math.abs((report?.ntpMicros ?? 0) / 1000 - Date.now())).toBeLessThan(60_000);
    expect(participant.counters(video.sid)).toMatchObject({ packetsLost: 0, framesDropped: {} });
    expect(participant.counters(video.sid)?.roundTripMs).toBeGreaterThan(0);
  });

  test('with 5 % of the packets lost on the way all frames are repaired, to the last one before it leaves', async () => {
    const server = inject('livekit');
    const room = newRoom();
    const publisher = await publisherIn(server, room);
    const video = await publisher.publishVideo({ codec });
    const audio = await publisher.publishAudio();
    const link = await FaultyLink.open({ loss: 0.05 });
    const { log, participant } = await record(server, room, { link });
    cleanups.push(async () => link.close());
    await expect.poll(() => log.frames(video.sid).length, { ...poll, timeout: 20_000 }).toBeGreaterThan(150);
    await participant.close();

    const counters = participant.counters(video.sid);
    expect(link.lost.packets).toBeGreaterThan(20);
    expect(counters?.packetsRepaired).toBeGreaterThan(10);
    expect(counters?.packetsLost).toBe(0);
    const pictures = log.frames(video.sid);
    expect(pictures[0]?.isKeyframe).toBe(true);
    expect(pictures.filter((frame) => frame.afterLoss)).toEqual([]);
    expect(decode(codec, pictures)).toEqual({ pictures: pictures.length, complaints: '' });
    const sounds = log.frames(audio.sid);
    const last = sounds.at(-1)?.rtpTimestamp ?? 0;
    expect(timestampDistance(last, sounds[0]?.rtpTimestamp ?? 0)).toBe((sounds.length - 1) * 960);
  });
});

test.each(['vp9', 'av1'] as const)('%s is received so that a decoder understands it', async (codec) => {
  const server = inject('livekit');
  const room = newRoom();
  const publisher = await publisherIn(server, room);
  const video = await publisher.publishVideo({ codec });
  const { log, participant } = await record(server, room);
  const decodable = () => {
    const frames = log.frames(video.sid);
    const first = frames.findIndex((frame) => frame.isKeyframe);
    return first < 0 ? [] : frames.slice(first);
  };
  await expect.poll(() => decodable().length, poll).toBeGreaterThan(30);
  await participant.close();
  expect(decodable()[0]).toMatchObject({ codec, width: 640, height: 360 });
  expect(decode(codec, decodable())).toEqual({ pictures: decodable().length, complaints: '' });
});

test('a participant who comes later, publishes late and leaves is told in this order', async () => {
  const server = inject('livekit');
  const room = newRoom();
  const { log } = await record(server, room);
  expect(log.names).toEqual([]);

  const publisher = await publisherIn(server, room);
  await expect.poll(() => log.names, poll).toEqual(['present']);
  const video = await publisher.publishVideo({ codec: 'vp8' });
  await expect.poll(() => log.frames(video.sid).length, poll).toBeGreaterThan(5);
  await publisher.leave();
  await expect.poll(() => log.names, poll).toEqual(['present', 'trackStarted', 'trackEnded', 'gone']);
});

test('others in the room are not received', async () => {
  const server = inject('livekit');
  const room = newRoom();
  const bob = await publisherIn(server, room, 'bob');
  await bob.publishAudio();
  const { log } = await record(server, room);
  const alice = await publisherIn(server, room);
  const audio = await alice.publishAudio();
  await expect.poll(() => log.frames(audio.sid).length, poll).toBeGreaterThan(20);
  expect(log.tracks().map((track) => track.trackSid)).toEqual([audio.sid]);
});

test('only wanted sources are received, and a screen share is one of them', async () => {
  const server = inject('livekit');
  const room = newRoom();
  const publisher = await publisherIn(server, room);
  await publisher.publishAudio();
  const screen = await publisher.publishVideo({ codec: 'vp8', source: SdkSource.SOURCE_SCREENSHARE });
  const { log } = await record(server, room, { sources: ['screen_share'] });
  await expect.poll(() => log.frames(screen.sid).length, poll).toBeGreaterThan(5);
  expect(log.tracks()).toMatchObject([{ source: 'screen_share', kind: 'video' }]);
});

test('mute and unmute are told, and the silence the server makes up is not a frame', async () => {
  const server = inject('livekit');
  const room = newRoom();
  const publisher = await publisherIn(server, room);
  const audio = await publisher.publishAudio();
  const { log, participant } = await record(server, room);
  await expect.poll(() => log.frames(audio.sid).length, poll).toBeGreaterThan(10);
  audio.setMuted(true);
  await expect.poll(() => log.events.at(-1), poll).toEqual({ name: 'trackMuted', sid: audio.sid, muted: true });
  await expect
    .poll(() => participant.counters(audio.sid)?.framesDropped['server-filler'] ?? 0, poll)
    .toBeGreaterThan(10);
  const before = log.frames(audio.sid).length;
  audio.setMuted(false);
  await expect.poll(() => log.events.at(-1), poll).toEqual({ name: 'trackMuted', sid: audio.sid, muted: false });
  await expect.poll(() => log.frames(audio.sid).length, poll).toBeGreaterThan(before + 10);
  expect(log.frames(audio.sid).every((frame) => !frame.afterLoss)).toBe(true);
});

test('a track published again with another codec is another track, without blank pictures between', async () => {
  const server = inject('livekit');
  const room = newRoom();
  const publisher = await publisherIn(server, room);
  const { log } = await record(server, room);
  const codecs = ['vp8', 'h264', 'vp8'] as const;
  const sids: string[] = [];
  for (const codec of codecs) {
    const video = await publisher.publishVideo({ codec });
    sids.push(video.sid);
    await expect.poll(() => log.frames(video.sid).length, poll).toBeGreaterThan(10);
    await video.unpublish();
    await expect.poll(() => log.events.at(-1), poll).toEqual({ name: 'trackEnded', sid: video.sid });
  }
  expect(log.tracks().map(({ trackSid, codec }) => [trackSid, codec])).toEqual(
    codecs.map((codec, index) => [sids[index], codec]),
  );
  for (const [index, codec] of codecs.entries()) {
    const frames = log.frames(sids[index]);
    expect(frames[0]?.isKeyframe).toBe(true);
    expect(frames.filter((frame) => (frame.width ?? 640) < 16)).toHaveLength(0);
    expect(decode(codec, frames)).toEqual({ pictures: frames.length, complaints: '' });
  }
});

test('of a simulcast the highest layer is received', async () => {
  const server = inject('livekit');
  const room = newRoom();
  const publisher = await publisherIn(server, room);
  const video = await publisher.publishVideo({ codec: 'vp8', simulcast: true, width: 1280, height: 720 });
  const { log } = await record(server, room);
  await expect.poll(() => log.frames(video.sid).findLast((frame) => frame.isKeyframe)?.width, poll).toBe(1280);
  const frames = log.frames(video.sid);
  expect(timestampsRise(frames)).toBe(true);
  expect(decode('vp8', frames).complaints).toBe('');
});

test('a keyframe comes soon after it is asked for', async () => {
  const server = inject('livekit');
  const room = newRoom();
  const publisher = await publisherIn(server, room);
  const video = await publisher.publishVideo({ codec: 'vp8' });
  const { log, participant } = await record(server, room);
  await expect.poll(() => log.frames(video.sid).length, poll).toBeGreaterThan(40);
  const keyframes = () => log.frames(video.sid).filter((frame) => frame.isKeyframe).length;
  const before = keyframes();
  participant.requestKeyframe(video.sid);
  await expect.poll(keyframes, { interval: 10 }).toBeGreaterThan(before);
});

test('a defect in the way of packets costs a new session, not the process', async () => {
  const server = inject('livekit');
  const room = newRoom();
  const alice = await publisherIn(server, room);
  const { sid } = await alice.publishVideo({ codec: 'vp8' });
  const { log } = await record(server, room);
  await expect.poll(() => log.frames(sid).length, poll).toBeGreaterThan(10);
  const broken = vi.spyOn(TrackReceiver.prototype, 'handleRtp').mockImplementationOnce(() => {
    throw new Error('a defect');
  });
  cleanups.push(async () => broken.mockRestore());
  await expect.poll(() => log.names, poll).toContain('reconnected');
  const before = log.frames(sid).length;
  await expect.poll(() => log.frames(sid).length, poll).toBeGreaterThan(before + 10);
});

test('a wrong token is refused with a sentence, and at once', async () => {
  const server = inject('livekit');
  const token = await recorderToken({ ...server, apiSecret: 'x'.repeat(36) }, 'room');
  await expect(record(server, 'room', { token })).rejects.toMatchObject({
    reason: 'livekit.refused',
    retryable: false,
    message: expect.not.stringContaining(token),
  });
});

test('a server that is not there is unreachable', async () => {
  const server = inject('livekit');
  await expect(record(server, 'room', { url: 'http://127.0.0.1:7199' })).rejects.toMatchObject({
    reason: 'livekit.unreachable',
    retryable: true,
    message: expect.stringContaining('127.0.0.1:7199'),
  });
});

test('the end of the room and being removed from it end the source', async () => {
  const server = inject('livekit');
  const api = new RoomServiceClient(server.url.replace(/^ws/, 'http'), server.apiKey, server.apiSecret);
  for (const end of ['delete', 'remove'] as const) {
    const room = newRoom();
    const publisher = await publisherIn(server, room);
    const audio = await publisher.publishAudio();
    const { log } = await record(server, room);
    await expect.poll(() => log.frames(audio.sid).length, poll).toBeGreaterThan(5);
    if (end === 'delete') await api.deleteRoom(room);
    else await api.removeParticipant(room, `recorder-${room}`);
    await expect.poll(() => log.names.at(-1), poll).toBe('roomEnded');
    expect(log.names.filter((name) => name === 'trackEnded')).toHaveLength(1);
  }
});

test('when only signalling is lost the tracks go on after a new session, without having ended', async () => {
  const server = inject('livekit');
  const { hostname, port } = new URL(server.url);
  const sockets = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = createConnection(Number(port), hostname);
    for (const socket of [near, far]) sockets.add(socket.on('error', () => undefined));
    near.pipe(far).pipe(near);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  cleanups.push(async () => {
    proxy.close();
    for (const socket of sockets) socket.destroy();
  });
  const room = newRoom();
  const publisher = await publisherIn(server, room);
  const audio = await publisher.publishAudio();
  const address = proxy.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const { log, participant } = await record(server, room, { url });
  await expect.poll(() => log.frames(audio.sid).length, poll).toBeGreaterThan(10);
  for (const socket of sockets) socket.destroy();
  await expect.poll(() => log.names.at(-1), poll).toBe('trackStarted');
  const before = log.frames(audio.sid).length;
  await expect.poll(() => log.frames(audio.sid).length, poll).toBeGreaterThan(before + 10);
  await participant.close();
  expect(log.names).toEqual(['present', 'trackStarted', 'reconnecting', 'reconnected', 'trackStarted']);
});

test('after a restart of the server the same participant is received again', async () => {
  const first = await startLiveKit({ ports: { http: 7110, tcp: 7111, udp: 57110 } });
  let running = first;
  cleanups.push(() => running.stop());
  const room = newRoom();
  const publisher = await publisherIn(first, room);
  const { log } = await record(first, room);
  const video = await publisher.publishVideo({ codec: 'vp8' });
  await expect.poll(() => log.frames(video.sid).length, poll).toBeGreaterThan(10);

  await first.stop();
  // It would come back by itself, maybe after the one below, whom it would throw out: both have one name.
  await publisher.leave();
  await expect.poll(() => log.names, poll).toContain('reconnecting');
  const { apiKey, apiSecret, ports } = first;
  running = await startLiveKit({ keys: { apiKey, apiSecret }, ports, exactPorts: true });
  await expect.poll(() => log.names, poll).toContain('reconnected');
  expect(log.names).not.toContain('failed');

  const again = await publisherIn(running, room);
  const next = await again.publishVideo({ codec: 'vp8' });
  await expect.poll(() => log.frames(next.sid).length, poll).toBeGreaterThan(10);
  expect(log.frames(next.sid)[0]?.isKeyframe).toBe(true);
});
