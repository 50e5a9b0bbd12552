/**
 * What is left of a picture and its sound when the path from the server to the recorder loses, delays, reorders and doubles
 * packets. The server is a real one and answers NACKs; the path is a relay (bad-path/). Hard 720p30 VP8 with Opus in RED, as
 * clients publish it. Frames are compared with what was published, one kind of path after the other.
 *
 * LiveKit sends a packet again three times at most. At 5 % loss, chance takes all four of one packet in 160,000, which is one in
 * 12 minutes of such video: no receiver could have it. Of sound each packet also comes with the one after it (RED): at 10 % loss in bursts
 * chance takes all of both of one packet in 60,000, which is in one of 40 runs of half a minute.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { hardAudio, hardVideo } from '../infra/publisher/clip/clip-plan.ts';
import { loadClip } from '../infra/publisher/clip/load-clip.ts';
import { BadPath } from './bad-path/bad-path.ts';
import type { Impairment } from './bad-path/impairment.ts';
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import type { Figure } from './figure.ts';
import { BenchRig } from './rig/bench-rig.ts';
import { compareRecordings, startRecordings, stopRecordings } from './rig/recordings.ts';

interface Case {
  name: string;
  impairment: Impairment;
  /** Of the pictures, in percent. */
  mostMissing: number;
  /** The publisher sends keyframes when it likes. */
  ignoresKeyframeRequests?: boolean;
}

const cases: readonly Case[] = [
  { name: '1 % loss', impairment: { lossPercent: 1 }, mostMissing: 0 },
  { name: '5 % loss', impairment: { lossPercent: 5 }, mostMissing: 0 },
  { name: '10 % loss', impairment: { lossPercent: 10 }, mostMissing: 1 },
  { name: '1 % loss in bursts of 5', impairment: { lossPercent: 1, burstPackets: 5 }, mostMissing: 0 },
  { name: '5 % loss in bursts of 5', impairment: { lossPercent: 5, burstPackets: 5 }, mostMissing: 0 },
  { name: '10 % loss in bursts of 5', impairment: { lossPercent: 10, burstPackets: 5 }, mostMissing: 1 },
  { name: '50 ms jitter', impairment: { jitterMs: 50 }, mostMissing: 0 },
  { name: '50 ms jitter, reordered', impairment: { jitterMs: 50, reorders: true }, mostMissing: 0 },
  { name: '5 % doubled', impairment: { duplicatePercent: 5 }, mostMissing: 0 },
  {
    name: '5 % loss, 50 ms jitter, reordered, 2 % doubled',
    impairment: { lossPercent: 5, jitterMs: 50, reorders: true, duplicatePercent: 2 },
    mostMissing: 0,
  },
  {
    name: '5 % loss, keyframe requests ignored',
    impairment: { lossPercent: 5 },
    mostMissing: 0,
    ignoresKeyframeRequests: true,
  },
];

export const loss: Benchmark = {
  summary: 'frames missing after loss, jitter, reordering and duplication between the server and the recorder.',
  options: {
    seconds: 'how long each path is recorded (30)',
    recordings: 'how many at once (1)',
    cases: `which of them, by number from 1 to ${cases.length} (all)`,
  },
  run,
};

async function run(context: BenchmarkContext): Promise<Figure[]> {
  const seconds = context.number('seconds', 30);
  const wanted = context.numbers(
    'cases',
    cases.map((_, index) => index + 1),
  );
  const rig = await BenchRig.start(context.say);
  try {
    const figures: Figure[] = [];
    for (const each of cases.filter((_, index) => wanted.includes(index + 1))) {
      figures.push(...(await measure(rig, each, seconds, context)));
    }
    return figures;
  } finally {
    await rig.stop();
  }
}

async function measure(
  rig: BenchRig,
  { name, impairment, mostMissing, ignoresKeyframeRequests = false }: Case,
  seconds: number,
  { say, number }: BenchmarkContext,
): Promise<Figure[]> {
  say(name);
  const target = { room: `loss ${name}`, identity: 'publisher' };
  const [videoClip, audioClip] = await Promise.all([loadClip(hardVideo('vp8')), loadClip(hardAudio())]);
  const publisher = await rig.joinPublisher(target.room, target.identity);
  const [video, audio] = await publisher.publish(
    { source: 'camera', clips: [videoClip], answersKeyframeRequests: !ignoresKeyframeRequests },
    { source: 'microphone', clips: [audioClip], red: true },
  );
  const badPath = await BadPath.start({ livekitUrl: rig.livekit.url, impairment });
  const worker = await rig.startWorker();
  try {
    const tasks = await startRecordings(rig, worker, target, number('recordings', 1), { livekitUrl: badPath.url });
    await delay(seconds * 1000);
    const outcomes = await stopRecordings(worker, tasks);
    const compared = await compareRecordings(rig, outcomes, { video, audio });
    const tracks = tasks.flatMap(({ attemptId }) => worker.controlPlane.attempts.get(attemptId)?.report.tracks ?? []);
    const repaired = tracks.reduce((sum, track) => sum + track.packetsRepaired, 0);
    const { lost, passed } = badPath.path;
    return [
      {
        name: `${name}: frames missing`,
        value: (100 * compared.missingVideo) / compared.sentVideo,
        unit: '%',
        target: { most: mostMissing },
        note: `${compared.missingVideo} of ${compared.sentVideo}; ${lost} of ${lost + passed} packets lost, ${repaired} repaired`,
      },
      {
        name: `${name}: audio packets missing`,
        value: compared.missingAudio,
        unit: `of ${compared.sentAudio}`,
        target: { most: 0 },
      },
      { name: `${name}: frames not as sent`, value: compared.unexpected, unit: '', target: { most: 0 } },
    ];
  } finally {
    await worker.stop();
    await badPath.stop();
    await publisher.leave();
  }
}
