import type { EncodedFrame } from '../depacketize/encoded-frame.ts';
import type { ParticipantEvents, TrackDescription } from '../participant-source.ts';
import type { SenderReport } from '../rtp/sender-report.ts';
import type { TaskError } from '../task-error.ts';

export type LoggedEvent =
  | { name: 'present' | 'gone' | 'roomEnded' | 'reconnecting' | 'reconnected' }
  | { name: 'trackStarted'; track: TrackDescription }
  | { name: 'trackMuted'; sid: string; muted: boolean }
  | { name: 'trackEnded'; sid: string }
  | { name: 'failed'; error: TaskError };

/** Keeps what a participant source told, for tests. */
export class EventLog implements ParticipantEvents {
  readonly events: LoggedEvent[] = [];
  readonly #frames = new Map<string, EncodedFrame[]>();
  readonly #reports = new Map<string, SenderReport[]>();

  frames(sid: string | undefined): EncodedFrame[] {
    return this.#frames.get(sid ?? '') ?? [];
  }

  reports(sid: string | undefined): SenderReport[] {
    return this.#reports.get(sid ?? '') ?? [];
  }

  get names(): string[] {
    return this.events.map((event) => event.name);
  }

  tracks(source?: string): TrackDescription[] {
    return this.events.flatMap((event) =>
      event.name === 'trackStarted' && (!source || event.track.source === source) ? [event.track] : [],
    );
  }

  participantPresent(): void {
    this.events.push({ name: 'present' });
  }

  participantGone(): void {
    this.events.push({ name: 'gone' });
  }

  roomEnded(): void {
    this.events.push({ name: 'roomEnded' });
  }

  trackStarted(track: TrackDescription): void {
    this.events.push({ name: 'trackStarted', track });
  }

  trackMuted(sid: string, muted: boolean): void {
    this.events.push({ name: 'trackMuted', sid, muted });
  }

  trackEnded(sid: string): void {
    this.events.push({ name: 'trackEnded', sid });
  }

  frame(sid: string, frame: EncodedFrame): void {
    push(this.#frames, sid, frame);
  }

  senderReport(sid: string, report: SenderReport): void {
    push(this.#reports, sid, report);
  }

  reconnecting(): void {
    this.events.push({ name: 'reconnecting' });
  }

  reconnected(): void {
    this.events.push({ name: 'reconnected' });
  }

  failed(error: TaskError): void {
    this.events.push({ name: 'failed', error });
  }
}

function push<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
