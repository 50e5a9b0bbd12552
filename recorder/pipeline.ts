/**
 * One recording, from joining the room to the finished file. The stages, in the order in which media goes through them:
 *
 *   source (signalling, rtp, depacketize) → timeline → segment → journal → upload → finalise
 *                                          ╰─ MediaFlow ──╯    ╰ CapturedSegments ╯   ╰ endRecording
 *
 * In:  a task, a source of one participant's frames, and commands. Out: segments and finished files in the store, and
 *      an outcome. `snapshot()` says at any time how things stand; `onChange` when there is something new.
 *
 * States:
 *
 *   starting ──joined──→ waiting ──first frame──→ recording ⇄ paused
 *       │                   │                         │
 *       └────────────── stop, absent ─────────────────┼──→ finalising ──→ ended
 *                                                     │                    ↑
 *                                     failure ────────┴────────────────────┘ (segments still go into the store)
 *
 * A participant that leaves is waited for, `reconnectWindowMs`, in the same recording. One that publishes nothing within
 * `absentAfterMs`, or leaves before, makes the outcome `absent`. A failure keeps what was captured until then.
 */
import { CapturedSegments } from './captured-segments.ts';
import type { AttemptState, Command, Outcome, StopReason } from './contract/report.ts';
import type { EncodedFrame } from './depacketize/encoded-frame.ts';
import { endRecording } from './end-recording.ts';
import type { JournalFacts } from './journal/journal-log.ts';
import { RecordingJournal } from './journal/recording-journal.ts';
import { Lease } from './lease.ts';
import { MediaFlow } from './media-flow.ts';
import type { ParticipantEvents } from './participant-source.ts';
import { RecordingDeadlines } from './recording-deadlines.ts';
import type { RecordingOptions, RecordingSnapshot } from './recording-options.ts';
import { abandonedError, discardedError, type Ending, failedOutcome, handedOverError } from './recording-outcome.ts';
import { processTicker } from './rtp/ticker.ts';

/** Deadlines are seconds; the process's ticker is finer than that. */
const TICK_MICROS = 100_000;

export type { RecordingOptions, RecordingSnapshot } from './recording-options.ts';

export class Recording {
  readonly #options: RecordingOptions;
  readonly #media: MediaFlow;
  readonly #deadlines: RecordingDeadlines;
  readonly #superseded = new AbortController();
  readonly #discarded = new AbortController();
  readonly #lease: Lease;
  readonly #ended: Promise<Ending>;
  #resolveEnded: (ending: Ending) => void = () => {};
  #journal: RecordingJournal | undefined;
  #segments: CapturedSegments | undefined;
  #phase: Exclude<AttemptState, 'paused' | 'recording'> = 'starting';
  #paused = false;
  #startedAtUnixMs: number | undefined;
  #stoppedAtUnixMs: number | undefined;
  /** Since when the participant is away; undefined while it is there. */
  #goneAtUnixMs: number | undefined;
  #participantSid: string | undefined;
  #outcome: Outcome | undefined;
  #tickedAtMicros = 0;

  constructor(options: RecordingOptions) {
    this.#options = options;
    this.#media = new MediaFlow({
      ...options,
      onSegment: (segment) => this.#segments?.add(segment),
      isFull: () => this.#segments?.isFull === true,
    });
    this.#deadlines = new RecordingDeadlines(options.task);
    this.#lease = new Lease(options.clock);
    this.#ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  /** Resolves when nothing more is to be done: after a failure later than `snapshot()` has the outcome. */
  async run(): Promise<Outcome> {
    try {
      this.#outcome = await this.#record();
    } catch (error) {
      this.#outcome = failedOutcome(error);
    } finally {
      this.#phase = 'ended';
      this.#options.onChange();
    }
    return this.#outcome;
  }

  obey(command: Command): void {
    if (command === 'stop') this.stop('requested');
    if (command === 'pause') this.#pause();
    if (command === 'resume' || command === 'resume-cut') this.#resume(command === 'resume-cut');
    if (command === 'abandon') {
      this.#superseded.abort(abandonedError());
      this.#fail(abandonedError());
    }
    if (command === 'discard') {
      this.#discarded.abort(discardedError());
      this.#fail(discardedError());
    }
  }

  /** The recording is this attempt's until then. @param untilMicros monotonic */
  leased(untilMicros: number): void {
    this.#lease.renew(untilMicros);
  }

  /** The control plane knows the first so many of the snapshot's segments. */
  acknowledged(segmentCount: number): void {
    this.#segments?.acknowledged(segmentCount);
  }

  /** Leaves the recording to another recorder. False when it ends by itself already. */
  handOver(): boolean {
    if (this.#phase === 'finalising' || this.#phase === 'ended') return false;
    this.#fail(handedOverError());
    return true;
  }

  /** The outcome is known where it has to be, and all segments, or nobody wants them: the spool goes. After `run`. */
  async release(): Promise<void> {
    await this.#journal?.remove();
  }

  stop(reason: StopReason): void {
    this.#resolveEnded({ kind: 'stopped', reason });
  }

  snapshot(): RecordingSnapshot {
    return {
      state: this.#state,
      startedAtUnixMs: this.#startedAtUnixMs,
      stoppedAtUnixMs: this.#stoppedAtUnixMs,
      captureAgeMs: this.#captureAgeMs,
      publisherZeroMicros: this.#media.publisherZeroMicros,
      participantSid: this.#participantSid,
      stats: {
        ...this.#media.stats,
        sizeBytes: this.#segments?.sizeBytes ?? 0,
        segmentsPending: this.#segments?.pending ?? 0,
        uploadTrouble: this.#segments?.trouble,
        spoolWarning: this.#journal?.warning,
      },
      tracks: this.#media.tracks,
      gaps: this.#media.gaps,
      segments: this.#segments?.stored ?? [],
      outcome: this.#outcome,
    };
  }

  async #record(): Promise<Outcome> {
    const { task, source, store, spoolDir, clock, log, ticker = processTicker } = this.#options;
    const journal = await RecordingJournal.open({ spoolDir, owner: task });
    this.#journal = journal;
    this.#segments = new CapturedSegments({
      journal,
      store,
      clock,
      log,
      facts: () => this.#journalFacts(),
      onChange: () => this.#options.onChange(),
      onFailure: (error) => this.#fail(error),
    });
    const stopTicking = ticker.add(this.#guarded(() => this.#tick()));
    let ending: Ending;
    try {
      ending = await this.#capture();
    } finally {
      // What is whole already is delivered now.
      await source.close();
      stopTicking();
    }
    this.#media.finish();
    this.#phase = 'finalising';
    // Waiting for a participant that did not come back is no part of the recording.
    this.#stoppedAtUnixMs = this.#goneAtUnixMs ?? clock.unixMs();
    await this.#segments.written();
    this.#options.onChange();
    return this.#finish(ending, journal, this.#segments);
  }

  /** Joins, and lets media flow until something ends it. */
  async #capture(): Promise<Ending> {
    const { source, clock } = this.#options;
    source.connect(this.#events()).then(
      () => {
        if (this.#phase !== 'starting') return;
        this.#deadlines.joined(clock.monotonicMicros());
        this.#phase = 'waiting';
        this.#options.onChange();
      },
      (error: unknown) => this.#fail(error),
    );
    return this.#ended;
  }

  async #finish(ending: Ending, journal: RecordingJournal, segments: CapturedSegments): Promise<Outcome> {
    const { task, store, storePatienceMs, log } = this.#options;
    return endRecording({
      ending,
      facts: {
        recordingId: task.recordingId,
        attemptId: task.attemptId,
        epoch: task.epoch,
        ...this.#facts(),
        startedAtUnixMs: this.#startedAtUnixMs ?? 0,
      },
      segments,
      journal,
      store,
      lease: this.#lease,
      patienceMs: storePatienceMs,
      superseded: this.#superseded.signal,
      discarded: this.#discarded.signal,
      onFailed: (outcome) => {
        this.#outcome = outcome;
        this.#phase = 'ended';
        this.#options.onChange();
      },
      log,
    });
  }

  #events(): ParticipantEvents {
    const { task, clock } = this.#options;
    return {
      participantPresent: (participantSid) => {
        this.#participantSid = participantSid;
        this.#goneAtUnixMs = undefined;
        this.#deadlines.participantPresent();
      },
      participantGone: () => {
        this.#goneAtUnixMs ??= clock.unixMs();
        this.#media.participantGone();
        this.#deadlines.participantGone(clock.monotonicMicros());
        if (task.reconnectWindowMs === 0) this.stop('participant-left');
      },
      // LiveKit closes a room a while after the last participant left: then leaving is why the recording ends.
      roomEnded: () => this.stop(this.#goneAtUnixMs === undefined ? 'room-ended' : 'participant-left'),
      trackStarted: (track) => this.#media.trackStarted(track),
      trackMuted: (trackSid, muted) => this.#media.trackMuted(trackSid, muted),
      trackEnded: (trackSid) => this.#media.trackEnded(trackSid),
      frame: this.#guarded((trackSid, frame) => this.#handleFrame(trackSid, frame)),
      senderReport: this.#guarded((trackSid, report) => this.#media.senderReport(trackSid, report)),
      reconnecting: () => this.#media.recorderAway(),
      reconnected: () => {},
      failed: (error) => this.#fail(error),
    };
  }

  #handleFrame(trackSid: string, frame: EncodedFrame): void {
    if (this.#phase === 'finalising' || this.#phase === 'ended') return;
    const kept = this.#media.frame(trackSid, frame);
    if (kept === 'beyond-end') this.stop('max-duration');
    if (kept === undefined || kept === 'beyond-end') return;
    this.#deadlines.frameKept(kept.receivedAtMicros, kept.isVideo);
    if (this.#startedAtUnixMs === undefined) this.#start(kept.receivedAtMicros);
  }

  #start(receivedAtMicros: number): void {
    const { clock, log, onChange } = this.#options;
    this.#startedAtUnixMs = Math.round(clock.unixMs() - (clock.monotonicMicros() - receivedAtMicros) / 1000);
    log.info({ startedAtUnixMs: this.#startedAtUnixMs }, 'recording.first-frame');
    onChange();
  }

  #pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#media.pause();
    this.#options.onChange();
  }

  #resume(cutTime: boolean): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#media.resume(cutTime);
    if (this.#startedAtUnixMs === undefined) this.#deadlines.joined(this.#options.clock.monotonicMicros());
    this.#options.onChange();
  }

  /** Deadlines, and segments that no frame came to close. */
  #tick(): void {
    const nowMicros = this.#options.clock.monotonicMicros();
    if (this.#deadlines.beginningIsDue(nowMicros)) this.#media.closeSegments();
    if (nowMicros - this.#tickedAtMicros < TICK_MICROS) return;
    this.#tickedAtMicros = nowMicros;
    if (!this.#media.tick(nowMicros)) this.stop('max-duration');
    if (!this.#paused) this.#media.askForKeyframes();
    const passed = this.#deadlines.passed(nowMicros);
    const { absentAfterMs } = this.#options.task;
    if (passed === 'absent' && !this.#paused) this.#resolveEnded({ kind: 'absent', afterMs: absentAfterMs });
    if (passed === 'participant-left') this.stop('participant-left');
  }

  #fail(error: unknown): void {
    this.#resolveEnded({ kind: 'failed', error });
  }

  /** Callers serve other recordings too: what breaks in this one must not reach them. */
  #guarded<Arguments extends unknown[]>(run: (...args: Arguments) => void): (...args: Arguments) => void {
    return (...args) => {
      try {
        run(...args);
      } catch (error) {
        this.#fail(error);
      }
    };
  }

  #facts() {
    return { startedAtUnixMs: this.#startedAtUnixMs, tracks: this.#media.tracks, gaps: this.#media.gaps };
  }

  #journalFacts(): JournalFacts {
    const { epoch } = this.#options.clock;
    const { zeroMicros, publisherZeroMicros } = this.#media;
    return {
      ...this.#facts(),
      zero: epoch === undefined || zeroMicros === undefined ? undefined : { monotonicMicros: zeroMicros, epoch },
      publisherZeroMicros,
      participantSid: this.#participantSid,
    };
  }

  get #captureAgeMs(): number | undefined {
    const { zeroMicros } = this.#media;
    if (zeroMicros === undefined) return undefined;
    return Math.max(0, Math.round((this.#options.clock.monotonicMicros() - zeroMicros) / 1000));
  }

  get #state(): AttemptState {
    if (this.#phase === 'finalising' || this.#phase === 'ended') return this.#phase;
    if (this.#paused) return 'paused';
    return this.#startedAtUnixMs === undefined ? this.#phase : 'recording';
  }
}
