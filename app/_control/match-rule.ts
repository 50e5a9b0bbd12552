/**
 * Does a rule want this participant? Pure, and linear-time: patterns and names are anyone's. Pages judge a rule that is
 * being written by the same functions.
 */
import type { SeenParticipant } from './livekit/present-participant.ts';

export interface RulePatterns {
  roomPattern: string;
  identityPattern: string;
  kinds: readonly string[];
  metadata: Record<string, string | number | boolean> | null;
}

/** A rule that records: what it wants of whom. */
export interface RecordingRule extends RulePatterns {
  tracks: readonly string[];
}

/** Of a participant what rules look at. */
export type JudgedParticipant = Pick<SeenParticipant, 'identity' | 'kind' | 'metadata' | 'canPublish' | 'tracks'>;

/** The first enabled rule for a participant who may publish, or does. */
export function findRule<Rule extends RecordingRule>(
  rules: readonly Rule[],
  room: string,
  participant: JudgedParticipant,
): Rule | undefined {
  return rules.find(
    (rule) =>
      mismatchOf(rule, room, participant) === undefined && (participant.canPublish || publishesFor(rule, participant)),
  );
}

/** Something the rule wants is there and not muted. */
export function publishesFor(rule: Pick<RecordingRule, 'tracks'>, participant: JudgedParticipant): boolean {
  return participant.tracks.some((track) => !track.muted && rule.tracks.includes(track.source));
}

/** The first thing in which a participant is not what the rule asks for; nothing when it matches. */
export function mismatchOf(
  rule: RulePatterns,
  room: string,
  participant: Pick<SeenParticipant, 'identity' | 'kind' | 'metadata'>,
): 'room' | 'identity' | 'kind' | 'metadata' | undefined {
  if (!matchesGlob(rule.roomPattern, room)) return 'room';
  if (!matchesGlob(rule.identityPattern, participant.identity)) return 'identity';
  if (!rule.kinds.includes(participant.kind)) return 'kind';
  return matchesMetadata(rule.metadata, participant.metadata) ? undefined : 'metadata';
}

/**
 * `*` is any text, `?` one character (a code point), the rest is literal. The usual two-pointer match: on a mismatch
 * only the newest `*` takes one more, so it never takes more than pattern × text steps.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const wanted = [...pattern];
  const given = [...text];
  let at = 0;
  let star = -1;
  let starTook = 0;
  for (let index = 0; index < given.length; ) {
    // A `*` in the text is text: the pattern's comes first.
    if (wanted[at] === '*') {
      star = at;
      starTook = index;
      at += 1;
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === given[index])) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      starTook += 1;
      index = starTook;
      at = star + 1;
    } else {
      return false;
    }
  }
  while (wanted[at] === '*') at += 1;
  return at === wanted.length;
}

function matchesMetadata(wanted: RulePatterns['metadata'], metadata: string): boolean {
  if (wanted === null) return true;
  let given: unknown;
  try {
    given = JSON.parse(metadata);
  } catch {
    return false;
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return false;
  const values = new Map(Object.entries(given));
  return Object.entries(wanted).every(([key, value]) => values.get(key) === value);
}
