/** Why a recording does not go on at the moment, in words. */
import type { QueuePlace } from '../../db/queries/list-queue.ts';
import type { AttemptRow, RecordingRow } from '../../db/schema.ts';
import type { Recording } from './api.ts';

/** Less is not worth a word: a worker that is free takes it at once. */
const NOTABLE_MS = 1_000;

type Place = Omit<QueuePlace, 'recordingId'>;

const isResting = ({ restsMs }: Place) => restsMs > NOTABLE_MS;
const isBrief = ({ before, waitedMs }: Place) => before === 0 && waitedMs < NOTABLE_MS;

/** The same text as long as the same is said of it. */
export function presentPlace(place: Place): string {
  if (isResting(place)) return 'rests';
  return isBrief(place) ? 'goes on' : `waits behind ${place.before}`;
}

export function presentWaiting(
  { status }: Pick<RecordingRow, 'status'>,
  attempts: readonly Pick<AttemptRow, 'outcome' | 'segmentsPending'>[],
  place: Place | undefined,
): Recording['waiting'] {
  if (place && isResting(place)) {
    const last = attempts.findLast(({ outcome }) => outcome !== null)?.outcome;
    const why = last && last.kind !== 'finished' ? `${last.message} ` : '';
    return { reason: 'retry', message: `${why}It is tried again in ${Math.ceil(place.restsMs / 1000)} s.` };
  }
  if (place) {
    const { before } = place;
    if (isBrief(place)) return null;
    const message = before === 0 ? 'Waiting for a free recorder.' : `Waiting for a free recorder, ${before} before it.`;
    return { reason: 'recorder', before, message };
  }
  const pending = attempts.reduce((sum, one) => sum + (one.outcome ? one.segmentsPending : 0), 0);
  if (status !== 'finalising' || pending === 0) return null;
  return {
    reason: 'uploads',
    message: `Waiting for ${pending === 1 ? 'a segment' : `${pending} segments`} of a recorder that broke off.`,
  };
}
