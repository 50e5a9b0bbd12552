/** How long things take, in one place: each with what breaks without it. */

/** A recorder that is silent for this long has lost its attempt. Reports come every second: nine may be lost. */
export const LEASE_MS = 10_000;
/** Lease, plus this, is how soon a lost machine is replaced; also how soon a lost webhook is made up for. */
export const RECONCILE_EVERY_MS = 3_000;
/** With LiveKit unreachable nobody knows whether the participant is still there. Then the recording is given up. */
export const LOST_PATIENCE_MS = 120_000;
/** A recording waits this long for a free recorder while its participant stays. */
export const QUEUE_PATIENCE_MS = 600_000;
/** A queued attempt that is older is looked at by the reconciler: has the participant gone meanwhile? */
export const QUEUE_CHECK_MS = 15_000;
/** More would hide a defect behind restarts. */
export const MAX_ATTEMPTS = 3;
/** Before the second attempt; each further one waits twice as long. */
export const RETRY_DELAY_MS = 1_000;
/** The first media must come within this, or the recording is `absent`. */
export const ABSENT_AFTER_MS = 30_000;
/** A participant who publishes and still gave no media is tried this often in one LiveKit session. */
export const MAX_ABSENT_PER_SESSION = 3;
/** How much captured media a kill can cost. */
export const SEGMENT_MS = 2_000;
/** A held-open claim looks again this often although nobody told it to: back-off has passed, a notice was lost. */
export const CLAIM_RECHECK_MS = 2_000;
/** Claims are held for 25 s at most, so a worker that was not heard of for longer than this is gone. */
export const WORKER_SILENT_MS = 30_000;
/** LiveKit refreshes the token of who is connected; after a longer outage a new attempt brings a new one. */
export const RECORDER_TOKEN_MS = 6 * 3_600_000;
/** For a page that watches: it asks again when it needs another. */
export const VIEWER_TOKEN_MS = 10 * 60_000;
/** Rooms are listed again this often when no webhook asks for it. */
export const ROOMS_REFRESH_MS = 5_000;
export const SESSION_MS = 30 * 86_400_000;
/** A share holder who comes back within this is the same view. */
export const VIEWER_SESSION_MS = 12 * 3_600_000;
/** When a start names none: a short walk between networks is no new recording. */
export const DEFAULT_RECONNECT_WINDOW_MS = 30_000;
