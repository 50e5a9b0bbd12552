/**
 * Where media comes from: the boundary between the network side (signalling, rtp, depacketize) and what is done with
 * frames (timeline, segment, journal). The live one is a LiveKit room session; tests play scripted ones.
 */
import type { Codec, TrackSource } from './contract/media.ts';
import type { EncodedFrame } from './depacketize/encoded-frame.ts';
import type { SenderReport } from './rtp/sender-report.ts';
import type { TaskError } from './task-error.ts';

export interface TrackDescription {
  /** LiveKit's track sid. */
  trackSid: string;
  source: TrackSource;
  kind: 'video' | 'audio';
  codec: Codec;
  /** Ticks per second of RTP timestamps: 90000 for video, 48000 for Opus, 8000 for PCM. */
  clockRate: number;
  /** Audio only. */
  channels?: number;
}

/** Counters of one received track; they only grow. `jitterMs` and `roundTripMs` are the newest estimate. */
export interface ReceiveCounters {
  packetsReceived: number;
  packetsRepaired: number;
  packetsLost: number;
  framesDropped: Record<string, number>;
  jitterMs: number;
  roundTripMs?: number;
  /** The longest time without a packet until now; unset before the second one. */
  longestQuietMicros?: number;
  /** Frames that are whole because packets of theirs were repaired; unset: none. */
  framesRepaired?: number;
}

/** Of a track of which nothing was received yet. */
export function noCounters(): ReceiveCounters {
  return { packetsReceived: 0, packetsRepaired: 0, packetsLost: 0, framesDropped: {}, jitterMs: 0 };
}

export interface ParticipantEvents {
  /** The participant is in the room (also when it was there first). */
  participantPresent(participantSid: string): void;
  /** It left; it may come back. */
  participantGone(): void;
  /** The room is over, or the recorder was removed from it: nothing more will come. */
  roomEnded(): void;
  /**
   * Frames of a wanted track follow. The same sid again is a new RTP stream, with another codec or after a reconnect:
   * its timestamps have nothing to do with those before.
   */
  trackStarted(track: TrackDescription): void;
  trackMuted(trackSid: string, muted: boolean): void;
  /** Unpublished, or the participant went. */
  trackEnded(trackSid: string): void;
  /** In RTP order. The bytes belong to the receiver from now on. */
  frame(trackSid: string, frame: EncodedFrame): void;
  senderReport(trackSid: string, report: SenderReport): void;
  /** The connection was lost and is being made again; frames may be missing. */
  reconnecting(): void;
  reconnected(): void;
  /** Connecting, or connecting again, failed for good. */
  failed(error: TaskError): void;
}

export interface ParticipantSource {
  /** Resolves when the room is joined; rejects with a TaskError that says why not. */
  connect(events: ParticipantEvents): Promise<void>;
  /** Asks the publisher for a keyframe; rate-limited below. */
  requestKeyframe(trackSid: string): void;
  counters(trackSid: string): ReceiveCounters | undefined;
  /**
   * Leaves the room. The media until now is complete when it resolves: missing packets are waited for as long as they would
   * be in the middle of a recording.
   */
  close(): Promise<void>;
}
