/**
 * Bounds how often a secret that people choose can be guessed, over all processes: per secret and address, and per secret
 * from everywhere, since addresses are cheap. A guess is counted before it is looked at, so that many at once are no way
 * around; a right one is taken back.
 */
import { createHmac } from 'node:crypto';
import { countGuess, uncountGuess } from '../../db/queries/count-guess.ts';
import type { Control } from './control.ts';
import { ProblemError } from './problem-error.ts';

export const GUESSES_WITHIN_MS = 15 * 60_000;
export const GUESSES_PER_ADDRESS = 10;
export const GUESSES_IN_ALL = 100;

export interface GuessLimit {
  /** What is counted, such as `share:<id> from <address>`. */
  of: string;
  most: number;
}

/** @param secret what is guessed, such as `share:<id>` */
export function limitGuesses(
  control: Control,
  secret: string,
  address: string,
  isRight: () => Promise<boolean>,
): Promise<boolean> {
  // In this order: who guesses from one address does not lock out the others.
  const limits = [
    { of: `${secret} from ${address}`, most: GUESSES_PER_ADDRESS },
    { of: secret, most: GUESSES_IN_ALL },
  ];
  return limitGuessesOf(control, limits, isRight);
}

/** A guess that the first limit stops is not counted by those after it. */
export async function limitGuessesOf(
  control: Control,
  limits: readonly GuessLimit[],
  isRight: () => Promise<boolean>,
): Promise<boolean> {
  const { db } = control.database;
  for (const { of, most } of limits) {
    if ((await countGuess(db, keyOf(control, of), GUESSES_WITHIN_MS)) > most) {
      throw new ProblemError('too-many', 'Too many wrong tries. Wait a quarter of an hour, then try again.', {
        headers: { 'retry-after': String(GUESSES_WITHIN_MS / 1000) },
      });
    }
  }
  if (!(await isRight())) return false;
  for (const { of } of limits) await uncountGuess(db, keyOf(control, of));
  return true;
}

/** Addresses and accounts are nobody's business: the table holds neither. */
function keyOf(control: Control, what: string): string {
  return createHmac('sha256', control.environment.appSecret).update(`guess:${what}`).digest('base64url');
}
