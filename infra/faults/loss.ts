/** What a finished file lost of what a participant sent. */
import { hashOfSent, readFrames } from '../../bench/rig/compare-frames.ts';
import { type Comparison, findHoles, type Hole } from './find-holes.ts';
import type { Participant } from './participant.ts';

export type Loss = Record<'video' | 'audio', Comparison>;

export async function lossOf(file: Uint8Array, participant: Participant): Promise<Loss> {
  const recorded = await readFrames(file);
  const compare = (kind: 'video' | 'audio') =>
    findHoles(
      participant.sent(kind).map(({ frame, atMs }) => ({ hash: hashOfSent(frame), atMs })),
      (recorded[kind]?.frames ?? [])
        .filter(({ data }) => kind === 'video' || data.length > fillerMostBytes)
        .map(({ hash, timeMicros }) => ({ hash, timeMs: timeMicros / 1000 })),
    );
  return { video: compare('video'), audio: compare('audio') };
}

/** Silence that the recorder puts into holes is no frame of anybody's; a packet of the participant's sound is ten times as large. */
const fillerMostBytes = 20;

export interface KillLoss {
  /** Captured before the kill, and gone. */
  lostMs: number;
  /** From the kill to the first picture that is there again; NaN when none is. */
  recoveredMs: number;
}

/** What one fault at this moment cost, by the pictures. */
export function costOf({ video }: Loss, atMs: number): KillLoss {
  if (!(video.lastMs >= atMs)) return { lostMs: Math.max(0, atMs - video.lastMs), recoveredMs: Number.NaN };
  // The hole that a fault makes begins before it, or at it.
  const hole = video.holes.find(({ fromMs, toMs }) => fromMs <= atMs + frameMs && toMs > atMs);
  return { lostMs: hole ? Math.max(0, atMs - hole.fromMs) : 0, recoveredMs: hole ? hole.toMs - atMs : 0 };
}

const frameMs = 50;

export function longestHole({ video }: Loss): Hole | undefined {
  return [...video.holes].sort((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs))[0];
}
