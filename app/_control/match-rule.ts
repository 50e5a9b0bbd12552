/** Does a rule want this participant? Pure, and linear-time: patterns and names are anyone's. */
import type { SeenParticipant } from './livekit/present-participant.ts';

export interface RulePatterns {
  roomPattern: string;
  identityPattern: string;
  kinds: readonly string[];
  metadata: Record<string, string | number | boolean> | null;
}

export function matchesRule(
  rule: RulePatterns,
  room: string,
  participant: Pick<SeenParticipant, 'identity' | 'kind' | 'metadata'>,
): boolean {
  return (
    rule.kinds.includes(participant.kind) &&
    matchesGlob(rule.roomPattern, room) &&
    matchesGlob(rule.identityPattern, participant.identity) &&
    matchesMetadata(rule.metadata, participant.metadata)
  );
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
