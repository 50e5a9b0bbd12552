import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { AccessToken, RoomServiceClient, TrackType } from 'livekit-server-sdk';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { beepAudio, numberedVideo, type VideoEncoder } from './clip/clip-plan.ts';
import { loadClip } from './clip/load-clip.ts';
import { playScript, type ScriptStep } from './publish-script.ts';
import { ScriptedPublisher } from './scripted-publisher.ts';
import { WatchingSubscriber } from './watching-subscriber.ts';

const livekit = inject('livekit');
const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function token(room: string, identity: string, canPublish: boolean): Promise<string> {
  const accessToken = new AccessToken(livekit.apiKey, livekit.apiSecret, { identity, ttl: 600 });
  accessToken.addGrant({ roomJoin: true, room, canPublish, canSubscribe: !canPublish });
  return accessToken.toJwt();
}

async function publisherAndSubscriber(loses?: (packet: Buffer) => boolean) {
  const room = `publisher-${randomUUID()}`;
  const subscriber = await WatchingSubscriber.join(livekit.url, await token(room, 'subscriber', false));
  cleanups.push(() => subscriber.leave());
  const publisherToken = await token(room, 'publisher', true);
  const publisher = await ScriptedPublisher.join({ url: livekit.url, token: publisherToken, loses });
  cleanups.push(() => publisher.leave());
  return { room, publisher, subscriber };
}

function numbersOf(subscriber: WatchingSubscriber): (number | undefined)[] {
  return subscriber.pictures.map(({ number }) => number);
}

/** A subscriber that decodes may leave out pictures when the machine is busy; what it shows is in order and sound. */
function expectMoving(numbers: readonly (number | undefined)[]): void {
  expect(numbers).not.toContain(undefined);
  const rising = numbers.filter((number, index) => index === 0 || (number ?? 0) > (numbers[index - 1] ?? 0));
  expect(rising).toEqual(numbers);
}

describe('ScriptedPublisher', () => {
  test.each<VideoEncoder>(['vp8', 'vp9', 'av1', 'h264-mode0', 'h264-baseline', 'h264-main', 'h264-high'])(
    'sends %s that LiveKit passes on and a subscriber decodes',
    async (encoder) => {
      const { publisher, subscriber } = await publisherAndSubscriber();
      const clip = await loadClip(numberedVideo(encoder));
      await publisher.publish({ source: 'camera', clips: [clip] });
      await subscriber.until(() => subscriber.pictures.length >= 45, 10_000);
      expectMoving(numbersOf(subscriber));
    },
  );

  // The subscriber has no decoder for these.
  test.each([
    { encoder: 'h265', mimeType: 'video/h265' },
    { encoder: 'vp9-profile2', mimeType: 'video/vp9' },
  ] as const)('sends $encoder that LiveKit takes for what it is', async ({ encoder, mimeType }) => {
    const { room, publisher } = await publisherAndSubscriber();
    const [track] = await publisher.publish({ source: 'camera', clips: [await loadClip(numberedVideo(encoder))] });
    await delay(500);
    const rooms = new RoomServiceClient(livekit.url.replace(/^ws/, 'http'), livekit.apiKey, livekit.apiSecret);
    const { tracks } = await rooms.getParticipant(room, 'publisher');
    expect(tracks.map(({ sid, mimeType, type }) => ({ sid, mimeType: mimeType.toLowerCase(), type }))).toEqual([
      { sid: track?.sid, mimeType, type: TrackType.VIDEO },
    ]);
  });

  test.each([{ red: false }, { red: true }])('sends Opus that is heard, with red: $red', async ({ red }) => {
    const { publisher, subscriber } = await publisherAndSubscriber();
    await publisher.publish({ source: 'microphone', clips: [await loadClip(beepAudio())], red });
    // 2.5 s have two beeps of 50 ms.
    await subscriber.until(() => subscriber.soundPeaks.filter((peak) => peak > 8000).length >= 10, 10_000);
    expect(subscriber.soundPeaks.filter((peak) => peak < 500).length).toBeGreaterThan(50);
  });

  test.each([{ rtx: true }, { rtx: false }])(
    'sends again what did not reach the server, with rtx: $rtx',
    async ({ rtx }) => {
      let packets = 0;
      const { publisher, subscriber } = await publisherAndSubscriber(() => {
        packets += 1;
        return packets % 20 === 0;
      });
      const clip = await loadClip(numberedVideo('vp8', { bitrateBps: 1_500_000, picture: 'hard' }));
      const [track] = await publisher.publish({ source: 'camera', clips: [clip], rtx });
      await subscriber.until(() => subscriber.pictures.length >= 90, 10_000);
      expect(packets).toBeGreaterThan(300);
      const lost = Math.floor(packets / 20);
      expect(track?.packetsRetransmitted).toBeGreaterThanOrEqual(lost - 2);
      // What was sent again was understood: the server does not go on asking.
      expect(track?.packetsRetransmitted).toBeLessThanOrEqual(lost * 1.5);
    },
  );

  test('sends three layers, of which a subscriber gets the highest', async () => {
    const { publisher, subscriber } = await publisherAndSubscriber();
    const [low, middle, high] = await Promise.all([
      loadClip(numberedVideo('vp8', { width: 160, height: 90, bitrateBps: 100_000 })),
      loadClip(numberedVideo('vp8', { width: 320, height: 180, bitrateBps: 200_000 })),
      loadClip(numberedVideo('vp8')),
    ]);
    await publisher.publish({ source: 'camera', clips: [low, middle, high] });
    await subscriber.until(() => subscriber.pictures.filter(({ width }) => width === 640).length >= 45, 15_000);
  });

  test('goes on with another codec after unpublishing', async () => {
    const { publisher, subscriber } = await publisherAndSubscriber();
    const first = await publisher.publish({ source: 'camera', clips: [await loadClip(numberedVideo('vp8'))] });
    await subscriber.until(() => subscriber.pictures.length >= 20, 10_000);
    await publisher.unpublish(...first);
    const before = subscriber.pictures.length;
    await publisher.publish({ source: 'camera', clips: [await loadClip(numberedVideo('h264-baseline'))] });
    await subscriber.until(() => subscriber.pictures.length >= before + 20, 10_000);
  });

  test('changes the size of its pictures without a new track', async () => {
    const { publisher, subscriber } = await publisherAndSubscriber();
    const large = await loadClip(numberedVideo('vp8'));
    const small = await loadClip(numberedVideo('vp8', { width: 320, height: 180, bitrateBps: 200_000 }));
    const [track] = await publisher.publish({ source: 'camera', clips: [large] });
    await subscriber.until(() => subscriber.pictures.some(({ width }) => width === 640), 10_000);
    track?.changeClips([small]);
    await subscriber.until(() => subscriber.pictures.some(({ width }) => width === 320), 10_000);
    track?.changeClips([large]);
    await subscriber.until(() => subscriber.pictures.at(-1)?.width === 640, 10_000);
  });

  test('sends nothing while muted and goes on with a keyframe', async () => {
    const { publisher, subscriber } = await publisherAndSubscriber();
    const [track] = await publisher.publish({ source: 'camera', clips: [await loadClip(numberedVideo('vp8'))] });
    await subscriber.until(() => subscriber.pictures.length >= 20, 10_000);
    track?.setMuted(true);
    const packets = track?.packetsSent;
    await delay(500);
    expect(track?.packetsSent).toBe(packets);
    const before = subscriber.pictures.length;
    track?.setMuted(false);
    await subscriber.until(() => subscriber.pictures.length >= before + 20, 10_000);
    const resumed = track?.sent.find(
      (_, index) => (track.sent[index]?.atMicros ?? 0) - (track.sent[index - 1]?.atMicros ?? 0) > 400_000,
    );
    expect(resumed?.isKeyframe).toBe(true);
  });

  test('does what a script says, when it says so', async () => {
    const { publisher, subscriber } = await publisherAndSubscriber();
    const [vp8, h264, beeps] = await Promise.all([
      loadClip(numberedVideo('vp8')),
      loadClip(numberedVideo('h264-baseline')),
      loadClip(beepAudio()),
    ]);
    const steps: ScriptStep[] = [
      { atMs: 0, do: 'publish', tracks: { camera: { source: 'camera', clips: [vp8] } } },
      { atMs: 1000, do: 'publish', tracks: { microphone: { source: 'microphone', clips: [beeps], dtx: true } } },
      { atMs: 1500, do: 'silence', track: 'camera', ms: 400 },
      { atMs: 1500, do: 'discontinue', track: 'microphone', ms: 400 },
      { atMs: 2200, do: 'unpublish', track: 'camera' },
      { atMs: 2400, do: 'publish', tracks: { camera: { source: 'camera', clips: [h264] } } },
      { atMs: 3500, do: 'leave' },
    ];
    const { tracks, startMicros, stepMicros } = await playScript(publisher, steps);
    expect(stepMicros).toHaveLength(steps.length);
    stepMicros.forEach((micros, index) => {
      expect(micros - startMicros).toBeGreaterThanOrEqual((steps[index]?.atMs ?? 0) * 1000);
    });
    expect(tracks.get('camera')?.sent.at(-1)?.clip.codec).toBe('h264');
    const holes = tracks.get('microphone')?.sent.filter(({ index }) => index === undefined);
    expect(holes?.length).toBeGreaterThanOrEqual(1);
    expect(subscriber.pictures.length).toBeGreaterThan(40);
  });
});
