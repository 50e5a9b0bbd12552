/** What the follower of a pair does so that both show the same moment. The leader's clock is the only one. */

/** Further apart than this it jumps. */
const JUMP_S = 0.35;
/** Closer than this nobody sees or hears. */
const SAME_S = 0.03;
/** How much faster or slower it goes to come closer: unheard, and 0.3 s are made up for in 6 s. */
const DRIFT = 0.05;

/** How long its first and last picture stand: no two media begin and end at the very same moment. */
const STANDS_MS = 500;

export interface FollowerMove {
  /** Undefined: there is nothing of it at this moment. */
  atS: number | undefined;
  jump: boolean;
  playbackRate: number;
}

export interface FollowerPlace {
  /** Of the leader, on the recording's clock. */
  leaderMs: number;
  leaderRate: number;
  /** Time stands still: what is apart stays apart, unless it jumps. */
  leaderWaits: boolean;
  /** Where on the recording's clock the follower's file begins and ends. */
  startMs: number;
  durationMs: number;
  /** Where on it time 0 of the file lies. */
  zeroMs: number;
  /** Where it is in its file. */
  followerS: number;
}

export function keepInStep(place: FollowerPlace): FollowerMove {
  const { leaderMs, leaderRate, leaderWaits, startMs, durationMs, zeroMs, followerS } = place;
  const endMs = startMs + durationMs;
  const isThere = leaderMs >= startMs - STANDS_MS && leaderMs <= endMs + STANDS_MS;
  if (!isThere) return { atS: undefined, jump: false, playbackRate: leaderRate };
  const atS = (Math.min(Math.max(leaderMs, startMs), endMs) - zeroMs) / 1000;
  const behindS = atS - followerS;
  const apartS = Math.abs(behindS);
  // At a higher speed the same distance is a shorter time.
  const jumpS = leaderWaits ? SAME_S : JUMP_S * Math.max(1, leaderRate);
  if (apartS > jumpS) return { atS, jump: true, playbackRate: leaderRate };
  if (apartS <= SAME_S * Math.max(1, leaderRate)) return { atS, jump: false, playbackRate: leaderRate };
  return { atS, jump: false, playbackRate: leaderRate * (1 + Math.sign(behindS) * DRIFT) };
}
