/**
 * A recording that is being made, played a few seconds after it happens: what comes into the store is appended to what plays, segment by segment
 * (Media Source Extensions). Only the newest minutes are held; who seeks back further loads the file instead.
 *
 * Only what it begins with has a header: behind each one browsers leave out pictures until the next keyframe. Times are those of the file.
 */
import { behindHole, rangesOf } from './buffered-ranges.ts';
import { liveMimeType, possibleCodecs } from './live-mime-type.ts';

/** New segments come every two seconds. */
const askEveryMs = 1_000;
/** A decoder begins with a keyframe, which is at most 10 s back. */
const firstSegments = 8;
const heldS = 120;
/** Behind the newest picture: the next segment is there before this one is over. */
const behindS = 3;
/** Who is left further behind by one step has waited during a pause, whose silence nobody needs to sit through. */
const keepsUpS = 8;
const lookForHoleEveryMs = 250;
const refusals: ReadonlySet<number> = new Set([401, 403, 410]);

export interface LiveFollower {
  /** To the newest there is. */
  toEdge(): void;
  /** How far behind the newest it plays. */
  behindS(): number;
  stop(): void;
}

export interface FollowLiveOptions {
  element: HTMLMediaElement;
  /** An address of `Recording.media` that is not finished. */
  url: string;
  /** Nothing more comes of it: it ended, or goes on in another part. What is there is played to its end then. */
  isOver(): boolean;
  /** There is something to play. */
  onStart(follower: LiveFollower): void;
  /** It cannot be followed: the browser cannot play it like this, or may not have it. */
  onFail(): void;
  /** Somebody went back to before what is held. */
  onFarBack(atS: number): void;
}

/** Whether it is worth a try: which codecs there are only its header tells. */
export function canFollow(contentType: string): boolean {
  if (typeof MediaSource === 'undefined') return false;
  return possibleCodecs(contentType).some((codec) => MediaSource.isTypeSupported(`${contentType}; codecs="${codec}"`));
}

export function followLive({ element, url, isOver, onStart, onFail, onFarBack }: FollowLiveOptions): LiveFollower {
  const source = new MediaSource();
  const stopping = new AbortController();
  const { signal } = stopping;
  const objectUrl = URL.createObjectURL(source);
  const edgeS = () => rangesOf(element).at(-1)?.endS ?? 0;
  const follower: LiveFollower = {
    toEdge() {
      element.currentTime = Math.max(rangesOf(element).at(-1)?.startS ?? 0, edgeS() - behindS);
    },
    behindS: () => Math.max(0, edgeS() - element.currentTime),
    stop() {
      stopping.abort();
      clearInterval(holeTimer);
      URL.revokeObjectURL(objectUrl);
    },
  };

  /** What `ask` answers as soon as there is something; undefined: there will be nothing more. */
  const nextOf = async (ask: () => Promise<Piece | undefined>): Promise<Piece | undefined> => {
    for (;;) {
      // Before it is asked for the last time.
      const over = isOver();
      const piece = await ask();
      if (piece || over || signal.aborted) return piece;
      await new Promise((resolve) => setTimeout(resolve, askEveryMs));
    }
  };

  const follow = async () => {
    await once(source, 'sourceopen');
    let piece = await nextOf(() => read(url, { from: firstSequence(url) }, signal));
    if (!piece || signal.aborted) return;
    const buffer = source.addSourceBuffer(liveMimeType(piece.contentType, piece.bytes));
    for (let isFirst = true; piece && !signal.aborted; isFirst = false) {
      const keptUp = !element.paused && follower.behindS() < keepsUpS;
      buffer.appendBuffer(piece.bytes);
      await once(buffer, 'updateend');
      if (isFirst) onStart(follower);
      else if (keptUp && follower.behindS() > keepsUpS) follower.toEdge();
      const keepFromS = Math.min(element.currentTime, edgeS()) - heldS;
      if (keepFromS > 0 && buffer.buffered.length > 0 && buffer.buffered.start(0) < keepFromS - heldS / 4) {
        buffer.remove(0, keepFromS);
        await once(buffer, 'updateend');
      }
      const after = piece.sequence;
      piece = await nextOf(() => read(url, { after }, signal));
    }
    if (source.readyState === 'open' && !signal.aborted) source.endOfStream();
  };

  // Where time went on during a pause, or frames could not be decoded, a browser would wait for ever; and so who seeks there.
  const holeTimer = setInterval(() => {
    const waits = element.seeking || !element.paused;
    if (!waits || element.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA) return;
    const goesOnS = behindHole(rangesOf(element), element.currentTime);
    if (goesOnS !== undefined) element.currentTime = goesOnS + 0.01;
  }, lookForHoleEveryMs);
  const checkPlace = () => {
    const [first] = rangesOf(element);
    if (first && element.currentTime < first.startS - 0.5) onFarBack(element.currentTime);
  };
  element.addEventListener('seeking', checkPlace, { signal });
  element.addEventListener('error', () => onFail(), { signal });
  element.src = objectUrl;
  follow().catch(() => !signal.aborted && onFail());
  return follower;
}

interface Piece {
  bytes: Uint8Array<ArrayBuffer>;
  contentType: string;
  /** Of its last segment. */
  sequence: number;
}

function firstSequence(url: string): number {
  const through = Number(new URL(url, location.href).searchParams.get('through') ?? 1);
  return Math.max(1, through - firstSegments + 1);
}

/** Undefined: not yet, or the dashboard cannot be reached. Throws when it may not be had. */
async function read(
  url: string,
  which: { from: number } | { after: number },
  signal: AbortSignal,
): Promise<Piece | undefined> {
  const address = new URL(url, location.href);
  address.searchParams.delete('through');
  for (const [name, sequence] of Object.entries(which)) address.searchParams.set(name, String(sequence));
  const response = await fetch(address, { signal, cache: 'no-store' }).catch(() => undefined);
  if (response?.status !== 200) {
    if (response && refusals.has(response.status)) throw new Error('What is live may not be read any more');
    return undefined;
  }
  const sequence = Number(/-(\d+)"$/.exec(response.headers.get('etag') ?? '')?.[1]);
  if (!Number.isFinite(sequence)) throw new Error('What is live has no ETag that ends with a number');
  // One that breaks off is asked for again.
  const bytes = await response.arrayBuffer().catch(() => undefined);
  const contentType = response.headers.get('content-type') ?? '';
  return bytes && { bytes: new Uint8Array(bytes), contentType, sequence };
}

function once(target: EventTarget, type: string): Promise<void> {
  return new Promise((resolve) => target.addEventListener(type, () => resolve(), { once: true }));
}
