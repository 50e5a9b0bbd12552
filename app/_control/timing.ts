/** How long things take, in one place: each with what breaks without it. */

/** A recorder that is silent for this long has lost its attempt. Reports come every second: seven may be lost. */
export const LEASE_MS = 8_000;
/** Leases that ran out are looked for this often. With the lease it is how soon a lost machine is replaced. */
export const EXPIRE_EVERY_MS = 1_000;
/** How soon a lost webhook is made up for. */
export const RECONCILE_EVERY_MS = 3_000;
/** Deletion and clean-up that broke off, and retention, go on within this. */
export const REMOVE_EVERY_MS = 15_000;
/** How soon an outgoing webhook follows what it tells of. */
export const WEBHOOKS_EVERY_MS = 1_000;
/** A recording waits this long for a free recorder while its participant stays. */
export const QUEUE_PATIENCE_MS = 600_000;
/** A queued attempt that is older is looked at by the reconciler: has the participant gone meanwhile? */
export const QUEUE_CHECK_MS = 15_000;
/** So many in a row that stored nothing end a recording: more would hide a defect behind restarts. */
export const MAX_FRUITLESS = 3;
/** However fruitful: a recorder that dies this often in one recording needs a person. */
export const MAX_ATTEMPTS = 200;
/** After the first fruitless attempt; after each further one twice as long. */
export const RETRY_DELAY_MS = 1_000;
export const RETRY_DELAY_MOST_MS = 10_000;
/** With LiveKit away nobody can record. After this long without it a recording is given up. */
export const OUTAGE_PATIENCE_MS = 120_000;
/** Joining what attempts stored is tried again so often, later each time. */
export const MAX_JOIN_RETRIES = 3;
export const JOIN_RETRY_DELAY_MS = 1_000;
export const JOIN_RETRY_DELAY_MOST_MS = 60_000;
/** What an ended attempt still has in its spool is waited for this long before the rest is joined without it. */
export const SALVAGE_PATIENCE_MS = 60_000;
/** Poster and storyboard of the longest recording take minutes beside recordings; a worker that dies delays them by this. */
export const PREVIEWS_LIMIT_MS = 300_000;
/** Without them a recording lacks nothing but pictures: nobody has to be told when it does not work. */
export const PREVIEWS_TRIES = 3;
/** After the first try that failed; after the second one ten times as long. */
export const PREVIEWS_RETRY_DELAY_MS = 60_000;
/** While the store is away, from the first to the longest wait: a try then says nothing of the file, and is none. */
export const PREVIEWS_STORE_DELAY_MS = 60_000;
export const PREVIEWS_STORE_DELAY_MOST_MS = 6 * 3_600_000;
/** What a finished file was made of stays this long: somebody may be watching it. */
export const CLEAN_AFTER_MS = 600_000;
/** A cron job that reconciles comes at least this often, or leases are given time as after an outage. */
export const CRON_SILENT_MS = 300_000;
/** The first media must come within this, or the recording is `absent`. */
export const ABSENT_AFTER_MS = 30_000;
/** A participant who publishes and still gave no media is tried this often in one LiveKit session. */
export const MAX_ABSENT_PER_SESSION = 3;
/** A held-open claim looks again this often although nobody told it to: back-off has passed, a notice was lost. */
export const CLAIM_RECHECK_MS = 2_000;
/** Claims are held for 25 s at most, so a worker that was not heard of for longer than this is gone. */
export const WORKER_SILENT_MS = 30_000;
/** An outgoing webhook that has failed for longer has failed several times in a row: somebody should look at it. */
export const WEBHOOK_TROUBLE_MS = 60_000;
/** LiveKit refreshes the token of who is connected; after a longer outage a new attempt brings a new one. */
export const RECORDER_TOKEN_MS = 6 * 3_600_000;
/** For a page that watches: it asks again when it needs another. */
export const VIEWER_TOKEN_MS = 10 * 60_000;
/** Rooms are listed again this often when no webhook asks for it. */
export const ROOMS_REFRESH_MS = 5_000;
/** How soon open pages hear that a part is down, or up again. */
export const HEALTH_EVERY_MS = 5_000;
/** Whoever signed in does so again after this, however busy … */
export const SESSION_MS = 30 * 86_400_000;
/** … and after this without a visit. */
export const SESSION_IDLE_MS = 7 * 86_400_000;
/** How exactly "seen last" and "used last" are known; each step is a write. */
export const SEEN_EVERY_MS = 60_000;
/** A browser that somebody signed in with is known for this long. */
export const DEVICE_MS = 365 * 86_400_000;
/** An invitation, or a way back in: long enough for a weekend. */
export const INVITATION_MS = 3 * 86_400_000;
/** A presigned address of media, where MEDIA_DELIVERY=redirect: how long a revoked share can still be watched. */
export const PRESIGNED_MS = 15 * 60_000;
/** A share holder who comes back within this is the same view. */
export const VIEWER_SESSION_MS = 12 * 3_600_000;
/** When a start names none: a short walk between networks is no new recording. */
export const DEFAULT_RECONNECT_WINDOW_MS = 30_000;
