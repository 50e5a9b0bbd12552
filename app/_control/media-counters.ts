/**
 * Prometheus counters of the media that recorders report, since this process started.
 *
 * A report has the sums of its attempt; counted is by how much they are above those that were stored. So it does not
 * matter which of several dashboards takes which report, and a report that comes again adds nothing. Labels are words of
 * our own, a few dozen: no room, no identity, no id.
 */
import { Counter, Registry } from 'prom-client';
import type { TrackSummary } from '../../recorder/contract/media.ts';

/** What a recorder of another version calls otherwise is `other`: a label must not grow with what others say. */
const dropReasons = new Set([
  'incomplete',
  'cut-off',
  'malformed',
  'before-keyframe',
  'undecodable',
  'paused',
  'replaced',
  'unknown-track',
  'no-parameter-sets',
  'back-pressure',
]);

type Tracks = readonly Pick<
  TrackSummary,
  | 'source'
  | 'kind'
  | 'codec'
  | 'frames'
  | 'keyframes'
  | 'sizeBytes'
  | 'packetsReceived'
  | 'packetsRepaired'
  | 'packetsLost'
  | 'framesDropped'
>[];

export class MediaCounters {
  readonly #registry = new Registry();
  readonly #frames = this.#counter('frames', 'Frames recorded', ['kind', 'codec']);
  readonly #keyframes = this.#counter('keyframes', 'Keyframes recorded', ['codec']);
  readonly #bytes = this.#counter('media_bytes', 'Bytes of the frames recorded', ['kind', 'codec']);
  readonly #dropped = this.#counter('frames_dropped', 'Frames that arrived and were not recorded', ['kind', 'reason']);
  readonly #packets = this.#counter(
    'packets',
    'RTP packets received, of these repaired (lost at first), and lost for good',
    ['kind', 'fate'],
  );

  constructor() {
    // Seen as 0 from the start, so that the first one is an increase.
    for (const kind of ['video', 'audio'] as const) {
      for (const fate of ['received', 'repaired', 'lost'] as const) this.#packets.inc({ kind, fate }, 0);
      this.#dropped.inc({ kind, reason: 'back-pressure' }, 0);
    }
  }

  /** @param before what was stored of the attempt; @param after what it reports now */
  count(before: Tracks, after: Tracks): void {
    for (const track of after) {
      const { kind, codec } = track;
      const known = before.find((one) => one.source === track.source && one.codec === codec);
      const grown = (now: number, then: number | undefined) => Math.max(0, now - (then ?? 0));
      this.#frames.inc({ kind, codec }, grown(track.frames, known?.frames));
      this.#bytes.inc({ kind, codec }, grown(track.sizeBytes, known?.sizeBytes));
      if (kind === 'video') this.#keyframes.inc({ codec }, grown(track.keyframes, known?.keyframes));
      this.#packets.inc({ kind, fate: 'received' }, grown(track.packetsReceived, known?.packetsReceived));
      this.#packets.inc({ kind, fate: 'repaired' }, grown(track.packetsRepaired, known?.packetsRepaired));
      this.#packets.inc({ kind, fate: 'lost' }, grown(track.packetsLost, known?.packetsLost));
      for (const [said, count] of Object.entries(track.framesDropped)) {
        const reason = dropReasons.has(said) ? said : 'other';
        this.#dropped.inc({ kind, reason }, grown(count, known?.framesDropped[said]));
      }
    }
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name: `recorder_${name}_total`, help, labelNames, registers: [this.#registry] });
  }
}
