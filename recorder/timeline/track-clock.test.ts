import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PublisherClock } from './publisher-clock.ts';
import { ScriptedTrack } from './scripted-publisher.ts';
import { TrackClock } from './track-clock.ts';

const SECOND = 1_000_000;
const NTP_START = 1_790_000_000_000_000;
const rtpStart = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  fc.integer({ min: 2 ** 32 - 2_000_000, max: 2 ** 32 - 1 }),
);

/** Delivers `seconds` of 50 frames per second with a report every 3 s; answers `time − captured` of every frame. */
function run(
  track: ScriptedTrack,
  clock: TrackClock,
  from: number,
  seconds: number,
  delay: (frame: number) => number,
  reportError: (report: number) => number | undefined = () => 0,
): number[] {
  const errors: number[] = [];
  for (let frame = 0; frame < seconds * 50; frame += 1) {
    const captured = from + frame * 20_000;
    if (frame % 150 === 75) {
      const error = reportError(Math.floor(frame / 150));
      if (error !== undefined) clock.handleReport(track.report(captured, 10_000, error));
    }
    errors.push(clock.place(track.frame(captured, delay(frame))) - captured);
  }
  return errors;
}

function spread(values: number[]): number {
  return Math.max(...values) - Math.min(...values);
}

describe('TrackClock', () => {
  it('keeps the distances between frames exactly, whatever the start, the wrap and the jitter', () => {
    fc.assert(
      fc.property(
        rtpStart,
        fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 50, maxLength: 50 }),
        (start, jitter) => {
          const track = new ScriptedTrack({ clockRate: 48_000, rtpStart: start, ntpStartMicros: NTP_START });
          const clock = new TrackClock(48_000, new PublisherClock());
          // Frame 0 is the first to arrive without queueing, so nothing is there to be corrected.
          const errors = run(track, clock, 0, 20, (frame) => (frame === 0 ? 0 : (jitter[frame % 50] ?? 0)));
          expect(spread(errors)).toBeLessThan(1);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('brings two tracks onto one clock by their reports, without time going back', () => {
    const delays = fc.integer({ min: 0, max: 400_000 });
    fc.assert(
      fc.property(rtpStart, rtpStart, delays, delays, (audioStart, videoStart, audioDelay, videoDelay) => {
        const publisher = new PublisherClock();
        const audio = new ScriptedTrack({ clockRate: 48_000, rtpStart: audioStart, ntpStartMicros: NTP_START });
        const video = new ScriptedTrack({ clockRate: 90_000, rtpStart: videoStart, ntpStartMicros: NTP_START });
        const audioClock = new TrackClock(48_000, publisher);
        const videoClock = new TrackClock(90_000, publisher);
        let lastAudio = -Infinity;
        let lastVideo = -Infinity;
        let apart = Infinity;
        for (let frame = 0; frame < 1500; frame += 1) {
          const captured = frame * 20_000;
          if (frame % 150 === 20) audioClock.handleReport(audio.report(captured, 10_000));
          if (frame % 150 === 60) videoClock.handleReport(video.report(captured, 10_000));
          const audioTime = audioClock.place(audio.frame(captured, audioDelay));
          const videoTime = videoClock.place(video.frame(captured, videoDelay));
          expect(audioTime).toBeGreaterThan(lastAudio);
          expect(videoTime).toBeGreaterThan(lastVideo);
          lastAudio = audioTime;
          lastVideo = videoTime;
          apart = Math.abs(audioTime - videoTime);
        }
        expect(apart).toBeLessThan(1000);
      }),
      { numRuns: 50 },
    );
  });

  it('is not moved by single reports that are wrong by a second or a year', () => {
    const wrong = fc.oneof(fc.integer({ min: SECOND, max: 10 * SECOND }), fc.constant(365 * 86_400 * SECOND));
    fc.assert(
      fc.property(rtpStart, wrong, fc.boolean(), (start, size, negative) => {
        const track = new ScriptedTrack({ clockRate: 90_000, rtpStart: start, ntpStartMicros: NTP_START });
        const clock = new TrackClock(90_000, new PublisherClock());
        const errors = run(
          track,
          clock,
          0,
          60,
          () => 20_000,
          (report) => (report % 4 === 2 ? (negative ? -size : size) : 0),
        );
        expect(spread(errors)).toBeLessThan(1);
        expect(clock.reportsRejected).toBe(5);
      }),
      { numRuns: 30 },
    );
  });

  it('sees through reports that a busy publisher noted up to 30 ms late', () => {
    const late = fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(late, (lateness) => {
        const track = new ScriptedTrack({ clockRate: 48_000, rtpStart: 5, ntpStartMicros: NTP_START });
        const publisher = new PublisherClock();
        publisher.ntpZeroMicros = NTP_START + 20_000;
        const clock = new TrackClock(48_000, publisher);
        run(
          track,
          clock,
          0,
          120,
          () => 20_000,
          (report) => lateness[report % 20],
        );
        // The earliest but one of any ten in a row.
        const tens = lateness.map((_, from) =>
          Array.from({ length: 10 }, (_, index) => lateness[(from + index) % 20] ?? 0),
        );
        const worst = Math.max(...tens.map((ten) => ten.sort((a, b) => a - b)[1] ?? 0));
        const error = clock.place(track.frame(120 * SECOND, 20_000)) - 120 * SECOND + 20_000;
        expect(error).toBeGreaterThanOrEqual(-1);
        expect(error).toBeLessThanOrEqual(worst + 1);
      }),
      { numRuns: 30 },
    );
  });

  it('is not moved by one report that is early', () => {
    const track = new ScriptedTrack({ clockRate: 90_000, rtpStart: 5, ntpStartMicros: NTP_START });
    const clock = new TrackClock(90_000, new PublisherClock());
    const errors = run(
      track,
      clock,
      0,
      60,
      () => 20_000,
      (report) => (report === 8 ? -90_000 : 0),
    );
    expect(spread(errors)).toBeLessThan(1);
  });

  it('takes three agreeing reports for a publisher whose clock was set, and media stays where it is', () => {
    const track = new ScriptedTrack({ clockRate: 48_000, rtpStart: 5, ntpStartMicros: NTP_START });
    const publisher = new PublisherClock();
    const clock = new TrackClock(48_000, publisher);
    const errors = run(
      track,
      clock,
      0,
      60,
      () => 20_000,
      (report) => (report >= 5 ? -700_000 : 0),
    );
    expect(spread(errors)).toBeLessThan(1);
    expect(clock.reportsRejected).toBe(3);
    expect(publisher.ntpZeroMicros).toBeCloseTo(NTP_START + 20_000 - 20_000 - 700_000, -2);
  });

  it('follows a sound card that runs 100 ppm fast to within 5 ms over ten minutes', () => {
    const track = new ScriptedTrack({ clockRate: 48_000, rtpStart: 5, ntpStartMicros: NTP_START, driftPpm: 100 });
    const clock = new TrackClock(48_000, new PublisherClock());
    const errors = run(track, clock, 0, 600, (frame) => (frame * 7919) % 30_000);
    expect(spread(errors.slice(500))).toBeLessThan(5000);
  });

  it('follows a drifting track by arrivals alone when there are no reports', () => {
    for (const driftPpm of [-200, 200]) {
      const track = new ScriptedTrack({ clockRate: 48_000, rtpStart: 5, ntpStartMicros: NTP_START, driftPpm });
      const clock = new TrackClock(48_000, new PublisherClock());
      const errors = run(
        track,
        clock,
        0,
        600,
        (frame) => (frame * 7919) % 30_000,
        () => undefined,
      );
      expect(spread(errors.slice(500))).toBeLessThan(6000);
    }
  });

  it('recovers from a first frame that was late, without a jump', () => {
    const track = new ScriptedTrack({ clockRate: 48_000, rtpStart: 5, ntpStartMicros: NTP_START });
    const clock = new TrackClock(48_000, new PublisherClock());
    // 600 ms of audio arrive in one burst when the connection is up.
    const errors = run(track, clock, 0, 20, (frame) => Math.max(5000, 600_000 - frame * 20_000));
    expect(Math.abs(errors.at(-1) ?? 0)).toBeLessThan(600_001);
    const steps = errors.slice(1).map((error, index) => error - (errors[index] ?? 0));
    expect(Math.min(...steps)).toBeGreaterThan(-20_000);
    expect(spread(errors.slice(500))).toBeLessThan(1);
  });

  it('absorbs a jump of hours in RTP time that no wall time matches', () => {
    for (const hours of [-9, -1, 1, 5]) {
      const track = new ScriptedTrack({ clockRate: 90_000, rtpStart: 77, ntpStartMicros: NTP_START });
      const clock = new TrackClock(90_000, new PublisherClock());
      const before = run(track, clock, 0, 10, () => 20_000);
      track.rtpJumpTicks = hours * 3600 * 90_000;
      const after = run(track, clock, 10 * SECOND, 20, () => 20_000);
      expect(spread([...before, ...after])).toBeLessThan(100);
    }
  });

  it('keeps a silence of hours that the wall clock matches, past the wrap too', () => {
    for (const hours of [1, 7, 30]) {
      const track = new ScriptedTrack({ clockRate: 90_000, rtpStart: 77, ntpStartMicros: NTP_START });
      const clock = new TrackClock(90_000, new PublisherClock());
      const before = run(track, clock, 0, 10, () => 20_000);
      const after = run(track, clock, hours * 3600 * SECOND, 10, () => 20_000);
      expect(spread([...before, ...after])).toBeLessThan(100);
    }
  });

  it('puts frames where they belong when RTP time stood still while the track was silent', () => {
    const track = new ScriptedTrack({ clockRate: 48_000, rtpStart: 5, ntpStartMicros: NTP_START });
    const clock = new TrackClock(48_000, new PublisherClock());
    run(track, clock, 0, 10, () => 20_000);
    track.rtpJumpTicks = -30 * 48_000;
    const after = run(track, clock, 40 * SECOND, 10, () => 20_000);
    expect(Math.abs((after.at(-1) ?? 0) - 20_000)).toBeLessThan(20_001);
  });

  it('places a track that is added after an hour of drift on the clock of the others', () => {
    const publisher = new PublisherClock();
    const drift = { clockRate: 48_000, rtpStart: 5, driftPpm: 0 };
    // The publisher's NTP runs 100 ppm fast against ours: every report is a little further ahead.
    const audio = new ScriptedTrack({ ...drift, ntpStartMicros: NTP_START });
    const clock = new TrackClock(48_000, publisher);
    const errors = run(
      audio,
      clock,
      0,
      3600,
      () => 20_000,
      (report) => report * 300,
    );
    const late = new ScriptedTrack({ clockRate: 90_000, rtpStart: 9, ntpStartMicros: NTP_START });
    const lateClock = new TrackClock(90_000, publisher);
    const error = lateClock.place(late.frame(3600 * SECOND, 20_000)) - 3600 * SECOND;
    expect(Math.abs(error - (errors.at(-1) ?? 0))).toBeLessThan(10_000);
    expect(errors.at(-1)).toBeGreaterThan(300_000);
  });
});
