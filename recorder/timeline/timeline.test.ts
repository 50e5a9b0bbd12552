import { beforeEach, describe, expect, it } from 'vitest';
import type { EncodedFrame } from '../depacketize/encoded-frame.ts';
import { ScriptedTrack } from './scripted-publisher.ts';
import type { TimedFrame } from './timed-frame.ts';
import { Timeline } from './timeline.ts';

const MS = 1000;
const NTP_START = 1_790_000_000_000_000;

describe('Timeline', () => {
  let timeline: Timeline;
  let camera: ScriptedTrack;
  let microphone: ScriptedTrack;

  beforeEach(() => {
    timeline = new Timeline();
    camera = new ScriptedTrack({ clockRate: 90_000, rtpStart: 4_294_000_000, ntpStartMicros: NTP_START });
    microphone = new ScriptedTrack({ clockRate: 48_000, rtpStart: 123, ntpStartMicros: NTP_START });
    startCamera('camera-1');
    timeline.trackStarted({
      trackSid: 'microphone-1',
      source: 'microphone',
      kind: 'audio',
      codec: 'opus',
      clockRate: 48_000,
    });
  });

  function startCamera(trackSid: string): void {
    timeline.trackStarted({ trackSid, source: 'camera', kind: 'video', codec: 'vp8', clockRate: 90_000 });
  }
  function video(atMs: number, more: Partial<EncodedFrame> = {}, trackSid = 'camera-1') {
    return timeline.frame(trackSid, camera.frame(atMs * MS, 5 * MS, more));
  }
  function audio(atMs: number, more: Partial<EncodedFrame> = {}) {
    return timeline.frame('microphone-1', microphone.frame(atMs * MS, 5 * MS, more));
  }
  /** Frames every 40 ms, the first a keyframe, `toMs` not included. */
  function videoFrom(fromMs: number, toMs: number, trackSid = 'camera-1'): void {
    for (let at = fromMs; at < toMs; at += 40) video(at, { isKeyframe: at === fromMs }, trackSid);
  }
  function audioFrom(fromMs: number, toMs: number): void {
    for (let at = fromMs; at < toMs; at += 20) audio(at);
  }
  function ms(placed: TimedFrame | string): number | string {
    return typeof placed === 'string' ? placed : Math.round(placed.presentationMicros / MS);
  }
  function listed(): string[] {
    return timeline.gaps.map(
      (gap) => `${gap.kind} ${Math.round(gap.fromMicros / MS)}-${Math.round(gap.toMicros / MS)} ${gap.reason}`,
    );
  }

  it('starts at 0 with the first kept frame and keeps audio that comes before the first keyframe', () => {
    expect(ms(video(1000))).toBe('before-keyframe');
    expect(ms(audio(1010))).toBe(0);
    expect(ms(video(1040))).toBe('before-keyframe');
    expect(ms(video(1080, { isKeyframe: true }))).toBe(70);
    expect(ms(video(1120))).toBe(110);
  });

  it('places a frame captured before time 0 at 0 and never lets a track stand still', () => {
    microphone = new ScriptedTrack({ clockRate: 48_000, rtpStart: 1, ntpStartMicros: NTP_START });
    audio(1000);
    timeline.senderReport('microphone-1', microphone.report(1000 * MS, 1));
    timeline.senderReport('camera-1', camera.report(1000 * MS, 1));
    // 500 ms older than time 0, as its sender report says.
    const times = [500, 500.1, 500.2].map((at) =>
      timeline.frame('camera-1', { ...camera.frame(at * MS, 600 * MS), isKeyframe: true }),
    );
    expect(times.map(ms)).toEqual([0, 1, 2]);
  });

  it('drops frames of a track nobody announced', () => {
    expect(timeline.frame('other', camera.frame(0, 0))).toBe('unknown-track');
  });

  it('goes on with a track whose codec changed or that came over another connection', () => {
    videoFrom(0, 1000);
    timeline.recorderAway();
    startCamera('camera-1');
    camera = new ScriptedTrack({ clockRate: 90_000, rtpStart: 5, ntpStartMicros: NTP_START });
    expect(ms(video(3000))).toBe('before-keyframe');
    expect(ms(video(3040, { isKeyframe: true }))).toBe(3040);
    expect(listed()[0]).toMatch(/^video (99|100)\d-3040 recorder-away$/);
  });

  it('waits for a keyframe after a frame that could not be kept', () => {
    videoFrom(0, 1000);
    timeline.frameLost('camera-1');
    expect(ms(video(1000))).toBe('before-keyframe');
    expect(ms(video(1040, { isKeyframe: true }))).toBe(1040);
  });

  it.each([
    ['a frame lost at 25 fps', 40, { afterLoss: true }, ['video 1000-1040 packet-loss']],
    ['half a second lost', 500, { afterLoss: true }, ['video 1000-1500 packet-loss']],
    ['100 ms without a loss, three frame intervals', 120, {}, ['video 1000-1120 timestamp-jump']],
    ['500 ms', 500, {}, ['video 1000-1500 timestamp-jump']],
    ['1000 ms', 1000, {}, ['video 1000-2000 timestamp-jump']],
    ['an hour', 3_600_000, {}, ['video 1000-3601000 timestamp-jump']],
    ['a frame 60 ms late, a variable frame rate', 60, {}, []],
    ['packets lost that held no frame', 0, { afterLoss: true }, []],
  ])('lists a hole in video: %s', (_, holeMs, more, gaps) => {
    videoFrom(0, 1000);
    video(1000 + holeMs, more);
    // The camera's frame rate is learnt, so ends may be a millisecond off.
    const rounded = listed().map((line) =>
      line.replace(/\d+/g, (digits) => String(Math.round(Number(digits) / 10) * 10)),
    );
    expect(rounded).toEqual(gaps);
  });

  it('lists a jump of hours in RTP time without wall time as no gap, since nothing is missing', () => {
    videoFrom(0, 1000);
    camera.rtpJumpTicks = 5 * 3600 * 90_000;
    expect(ms(video(1000))).toBe(1000);
    expect(listed()).toEqual([]);
  });

  it.each([100, 500, 1000])('lists a hole of %d ms in sound that packet loss made', (holeMs) => {
    audioFrom(0, 1000);
    expect(ms(audio(1000 + holeMs, { afterLoss: true }))).toBe(1000 + holeMs);
    expect(listed()).toEqual([`audio 1000-${1000 + holeMs} packet-loss`]);
  });

  it.each([100, 500, 1000])(
    'follows RTP time that leaps %d ms ahead without wall time, and is back in true time seconds later',
    (leapMs) => {
      videoFrom(0, 5000);
      camera.rtpJumpTicks = leapMs * 90;
      let previous = Math.round(timeline.endMicros / MS) - 40;
      let placed = previous;
      for (let at = 5000; at < 20_000; at += 40) {
        placed = Number(ms(video(at)));
        expect(placed).toBeGreaterThan(previous);
        previous = placed;
      }
      expect(Math.abs(placed - 19_960)).toBeLessThanOrEqual(20);
    },
  );

  it.each([
    ['back', -7],
    ['ahead', 7],
  ])('goes on when RTP time leaps hours %s, in picture and sound alike', (_, hours) => {
    videoFrom(0, 1000);
    audioFrom(0, 1000);
    camera.rtpJumpTicks = hours * 3600 * 90_000;
    microphone.rtpJumpTicks = hours * 3600 * 48_000;
    expect(ms(video(1000))).toBe(1000);
    expect(ms(audio(1000))).toBe(1000);
    expect(ms(video(1040))).toBe(1040);
    expect(ms(audio(1020))).toBe(1020);
    expect(listed()).toEqual([]);
  });

  it('places a track that comes late where it belongs, and lists nothing before it', () => {
    audioFrom(0, 5000);
    expect(ms(video(5000, { isKeyframe: true }))).toBe(5000);
    expect(ms(video(5040))).toBe(5040);
    expect(listed()).toEqual([]);
  });

  it('goes on in the same line when the SSRC changes, from the next keyframe on', () => {
    videoFrom(0, 1000);
    timeline.senderReport('camera-1', camera.report(900 * MS, 5 * MS));
    startCamera('camera-1');
    camera = new ScriptedTrack({ clockRate: 90_000, rtpStart: 777, ntpStartMicros: NTP_START });
    expect(ms(video(1000))).toBe('before-keyframe');
    expect(ms(video(1040, { isKeyframe: true }))).toBe(1040);
    timeline.senderReport('camera-1', camera.report(1050 * MS, 5 * MS));
    expect(ms(video(1080))).toBe(1080);
    expect(timeline.gaps.every((gap) => gap.toMicros - gap.fromMicros <= 100 * MS)).toBe(true);
  });

  it('takes comfort noise packets into one silence, listed from one second on', () => {
    audioFrom(0, 1000);
    for (let at = 1400; at <= 3400; at += 400) audio(at);
    audioFrom(3600, 4000);
    audio(4400);
    audioFrom(4600, 5000);
    expect(listed()).toEqual(['audio 1000-3600 silence']);
  });

  it('lists lost audio from the first missing packet', () => {
    audioFrom(0, 1000);
    audio(1020, { afterLoss: true });
    expect(listed()).toEqual(['audio 1000-1020 packet-loss']);
  });

  it('shows a mute while it lasts, after the frames that were under way, and lists it when media comes again', () => {
    audioFrom(0, 1000);
    timeline.trackMuted('microphone-1', true);
    audio(1000);
    expect(listed()).toEqual(['audio 1020-1020 muted']);
    timeline.trackMuted('microphone-1', false);
    expect(listed()).toEqual(['audio 1020-1020 muted']);
    audio(9000);
    expect(listed()).toEqual(['audio 1020-9000 muted']);
  });

  it('lets a mute that lasts until the end run to the end of the recording', () => {
    audioFrom(0, 1000);
    timeline.trackMuted('microphone-1', true);
    videoFrom(0, 4000);
    timeline.finish();
    expect(listed()[0]).toMatch(/^audio 1000-(39|40)\d\d muted$/);
    expect(listed()).toHaveLength(1);
  });

  it('lists a picture that stops before the sound does, when no more will come', () => {
    videoFrom(0, 1000);
    audioFrom(0, 4000);
    timeline.finish();
    expect(listed()).toHaveLength(1);
    expect(listed()[0]).toMatch(/^video (99|100|101)\d-4000 packet-loss$/);
  });

  it('continues a source with the track published anew, behind a gap', () => {
    videoFrom(0, 1000);
    timeline.trackEnded('camera-1');
    startCamera('camera-2');
    camera = new ScriptedTrack({ clockRate: 90_000, rtpStart: 5, ntpStartMicros: NTP_START });
    expect(ms(video(3000, {}, 'camera-2'))).toBe('before-keyframe');
    expect(ms(video(3040, { isKeyframe: true }, 'camera-2'))).toBe(3040);
    expect(listed()[0]).toMatch(/^video (99|100)\d-3040 unpublished$/);
  });

  it('gives the source to the newest track that delivers', () => {
    videoFrom(0, 1000);
    startCamera('camera-2');
    expect(ms(video(1000))).toBe(1000);
    expect(ms(video(1020, { isKeyframe: true }, 'camera-2'))).toBe(1020);
    expect(ms(video(1040))).toBe('replaced');
    timeline.trackEnded('camera-1');
    expect(ms(video(1060, {}, 'camera-2'))).toBe(1060);
    expect(listed()).toEqual([]);
  });

  it('lists a pause that takes time, and waits for a keyframe after it', () => {
    videoFrom(0, 1000);
    timeline.pause();
    timeline.pause();
    expect(ms(video(1000, { isKeyframe: true }))).toBe('paused');
    timeline.resume(false);
    expect(ms(video(5000))).toBe('before-keyframe');
    expect([...timeline.tracksWithoutKeyframe()]).toEqual(['camera-1']);
    expect(ms(video(5040, { isKeyframe: true }))).toBe(5040);
    expect(listed()[0]).toMatch(/^video (99|100)\d-5040 paused$/);
  });

  it('tells a pause from the mute that it began in', () => {
    videoFrom(0, 1000);
    audioFrom(0, 1000);
    timeline.trackMuted('microphone-1', true);
    videoFrom(1000, 4000);
    const pausedMs = Math.round(timeline.endMicros / MS);
    timeline.pause();
    timeline.resume(false);
    timeline.trackMuted('microphone-1', false);
    audioFrom(6000, 6500);
    expect(listed()).toContain(`audio 1000-${pausedMs} muted`);
    expect(listed()).toContain(`audio ${pausedMs}-6000 paused`);
  });

  it('cuts the time of a pause out of all tracks alike', () => {
    videoFrom(0, 1000);
    audioFrom(0, 1000);
    const endMs = timeline.endMicros / MS;
    timeline.pause();
    timeline.resume(true);
    expect(ms(audio(60_000))).toBe(Math.round(endMs));
    expect(ms(video(60_040, { isKeyframe: true }))).toBe(Math.round(endMs + 40));
    timeline.pause();
    timeline.resume(true);
    expect(ms(audio(90_000))).toBe(Math.round(timeline.endMicros / MS) - 20);
  });

  it('lists a pause that was cut as a gap without length, with the time that is left out', () => {
    audioFrom(0, 1000);
    timeline.pause();
    audio(1000);
    expect(timeline.lengthAt(30_000_000)).toBeUndefined();
    timeline.resume(true);
    expect(timeline.lengthAt(30_000_000)).toBeUndefined();
    audioFrom(61_000, 62_000);
    expect(listed()).toEqual(['audio 1000-1000 paused']);
    expect(timeline.gaps).toMatchObject([{ cutMicros: 60_000_000 }]);
    expect(timeline.cutMicros).toBe(60_000_000);
    expect(timeline.lengthAt(62_005_000)).toBe(2_000_000);
    timeline.pause();
    timeline.resume(false);
    audioFrom(65_000, 66_000);
    timeline.pause();
    timeline.resume(true);
    audioFrom(70_000, 71_000);
    expect(listed()).toEqual(['audio 1000-1000 paused', 'audio 2000-5000 paused', 'audio 6000-6000 paused']);
    expect(timeline.gaps.map((gap) => gap.cutMicros)).toEqual([60_000_000, undefined, 4_000_000]);
  });

  it('cuts a pause that began before the first frame out of nothing', () => {
    timeline.pause();
    timeline.resume(true);
    expect(ms(audio(5000))).toBe(0);
    expect(timeline.cutMicros).toBe(0);
    expect(listed()).toEqual([]);
  });

  it('waits for a keyframe when the one after a mute was lost, but not when nothing was', () => {
    videoFrom(0, 1000);
    timeline.trackMuted('camera-1', true);
    timeline.trackMuted('camera-1', false);
    expect(ms(video(3000, { afterLoss: true }))).toBe('before-keyframe');
    expect(ms(video(3040))).toBe('before-keyframe');
    expect([...timeline.tracksWithoutKeyframe()]).toEqual(['camera-1']);
    expect(ms(video(3080, { isKeyframe: true }))).toBe(3080);
    timeline.trackMuted('camera-1', true);
    timeline.trackMuted('camera-1', false);
    expect(ms(video(5000))).toBe(5000);
    expect(listed()[0]).toBe('video 1000-3080 muted');
  });

  it('keeps video after a loss unless it is told otherwise', () => {
    videoFrom(0, 1000);
    expect(ms(video(1040, { afterLoss: true }))).toBe(1040);
    expect(ms(video(1080))).toBe(1080);
  });

  it('drops video after a loss until the next keyframe if so wished, and lists one gap from the loss to there', () => {
    timeline = new Timeline({ undecodable: 'drop' });
    startCamera('camera-1');
    expect(ms(video(0, { afterLoss: true }))).toBe('before-keyframe');
    videoFrom(40, 1000);
    expect(ms(video(1040, { afterLoss: true }))).toBe('undecodable');
    expect(ms(video(1080))).toBe('undecodable');
    expect([...timeline.tracksWithoutKeyframe()]).toEqual(['camera-1']);
    expect(ms(video(1120, { afterLoss: true }))).toBe('undecodable');
    expect(ms(video(1160, { isKeyframe: true }))).toBe(1120);
    expect(listed()).toEqual(['video 960-1120 packet-loss']);
    // A keyframe needs nothing of what was lost.
    expect(ms(video(1240, { isKeyframe: true, afterLoss: true }))).toBe(1200);
    expect(ms(video(1280))).toBe(1240);
  });

  it('lets sound alone when video is dropped after a loss', () => {
    timeline = new Timeline({ undecodable: 'drop' });
    timeline.trackStarted({
      trackSid: 'microphone-1',
      source: 'microphone',
      kind: 'audio',
      codec: 'opus',
      clockRate: 48_000,
    });
    audioFrom(0, 1000);
    expect(ms(audio(1020, { afterLoss: true }))).toBe(1020);
    expect(ms(audio(1040))).toBe(1040);
  });

  it('names what weighs more when several things interrupt a track', () => {
    audioFrom(0, 1000);
    timeline.trackMuted('microphone-1', true);
    timeline.recorderAway();
    timeline.trackMuted('microphone-1', true);
    audio(4000, { afterLoss: true });
    timeline.trackMuted('microphone-1', false);
    audio(4020);
    timeline.participantGone();
    timeline.trackEnded('microphone-1');
    expect(listed()).toEqual(['audio 1000-4000 recorder-away', 'audio 4040-4040 participant-away']);
  });

  it('does not read the clock of another device as that of the one before', () => {
    audioFrom(0, 1000);
    timeline.senderReport('microphone-1', microphone.report(1000 * MS, 1));
    timeline.participantGone();
    timeline.trackEnded('microphone-1');
    microphone = new ScriptedTrack({ clockRate: 48_000, rtpStart: 9, ntpStartMicros: NTP_START - 1_500_000 });
    timeline.trackStarted({
      trackSid: 'microphone-1',
      source: 'microphone',
      kind: 'audio',
      codec: 'opus',
      clockRate: 48_000,
    });
    timeline.senderReport('microphone-1', microphone.report(2990 * MS, 1));
    audioFrom(3000, 6000);
    expect(ms(audio(6000))).toBe(6000);
  });

  it('keeps its list of gaps bounded and gives up silences first', () => {
    for (let second = 0; second < 4000; second += 2) {
      audio(second * 1000, { afterLoss: second >= 2000 });
      audio(second * 1000 + 20);
    }
    const reasons = timeline.gaps.map((gap) => gap.reason);
    expect(reasons.length).toBeLessThanOrEqual(1000);
    expect(reasons.filter((reason) => reason === 'silence')).toHaveLength(0);
    expect(reasons.filter((reason) => reason === 'packet-loss').length).toBeGreaterThan(990);
  });
});
