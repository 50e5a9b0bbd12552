/**
 * A recording that is being made, played a few seconds after it happens: what comes into the store is appended to what plays, segment by segment
 * (Media Source Extensions). Only the newest minutes are held; who seeks back further loads the file instead.
 */
import type { RecordingTrack } from '../../_control/api.ts';

/** New segments come every two seconds. */
const askEveryMs = 1_000;
/** A decoder begins with a keyframe, which is at most 10 s back. */
const firstSegments = 8;
const heldS = 120;
/** Behind the newest picture: the next segment is there before this one is over. */
const behindS = 3;

export interface LiveFollower {
  /** To the newest there is. */
  toEdge(): void;
  /** How far behind the newest it plays. */
  behindS(): number;
  stop(): void;
}

export interface FollowLiveOptions {
  element: HTMLMediaElement;
  /** Pinned to what is there now: an address of `Recording.media`. */
  url: string;
  mimeType: string;
  /** It cannot be followed (any more): it ended, or the browser cannot play it like this. */
  onEnd(): void;
  /** Somebody went back to before what is held. */
  onFarBack(atS: number): void;
}

const codecStrings: Readonly<Record<string, string>> = {
  vp8: 'vp8',
  vp9: 'vp09.00.10.08',
  av1: 'av01.0.08M.08',
  h264: 'avc1.42e01f',
  h265: 'hvc1.1.6.L93.B0',
  opus: 'opus',
};

/** What a source buffer has to be told; undefined where this browser cannot follow it. */
export function liveMimeType(contentType: string, tracks: readonly RecordingTrack[]): string | undefined {
  const newest = (kind: 'video' | 'audio') => tracks.findLast((track) => track.kind === kind)?.codec;
  const codecs = [contentType.startsWith('video/') ? newest('video') : undefined, newest('audio')];
  const known = codecs.flatMap((codec) => (codec ? [codecStrings[codec] ?? 'unknown'] : []));
  const mimeType = `${contentType}; codecs="${known.join(',')}"`;
  return typeof MediaSource !== 'undefined' && MediaSource.isTypeSupported(mimeType) ? mimeType : undefined;
}

export function followLive({ element, url, mimeType, onEnd, onFarBack }: FollowLiveOptions): LiveFollower {
  const source = new MediaSource();
  const stopping = new AbortController();
  const { signal } = stopping;
  const objectUrl = URL.createObjectURL(source);
  const edgeS = () => (element.buffered.length === 0 ? 0 : element.buffered.end(element.buffered.length - 1));
  const toEdge = () => {
    const startS = element.buffered.length === 0 ? 0 : element.buffered.start(element.buffered.length - 1);
    element.currentTime = Math.max(startS, edgeS() - behindS);
  };

  const follow = async () => {
    await once(source, 'sourceopen');
    const buffer = source.addSourceBuffer(mimeType);
    let next = firstSequence(url);
    for (let isFirst = true; !signal.aborted; ) {
      const newer = await read(url, next, signal);
      if (newer === 'over') break;
      if (newer) {
        next = newer.sequence + 1;
        buffer.appendBuffer(newer.bytes);
        await once(buffer, 'updateend');
        if (isFirst) toEdge();
        isFirst = false;
        const keepFromS = Math.min(element.currentTime, edgeS()) - heldS;
        if (keepFromS > 0 && buffer.buffered.length > 0 && buffer.buffered.start(0) < keepFromS - heldS / 4) {
          buffer.remove(0, keepFromS);
          await once(buffer, 'updateend');
        }
      } else {
        await new Promise((resolve) => setTimeout(resolve, askEveryMs));
      }
    }
  };

  const checkPlace = () => {
    const { buffered, currentTime } = element;
    if (buffered.length > 0 && currentTime < buffered.start(0) - 0.5) onFarBack(currentTime);
  };
  element.addEventListener('seeking', checkPlace, { signal });
  element.addEventListener('error', () => onEnd(), { signal });
  element.src = objectUrl;
  follow().then(
    () => !signal.aborted && onEnd(),
    () => !signal.aborted && onEnd(),
  );

  return {
    toEdge,
    behindS: () => Math.max(0, edgeS() - element.currentTime),
    stop() {
      stopping.abort();
      URL.revokeObjectURL(objectUrl);
    },
  };
}

function firstSequence(url: string): number {
  const through = Number(new URL(url, location.href).searchParams.get('through') ?? 1);
  return Math.max(1, through - firstSegments + 1);
}

/** What there is from a segment on. Undefined: not yet; `over`: what grew is finished, or gone. */
async function read(
  url: string,
  from: number,
  signal: AbortSignal,
): Promise<{ bytes: ArrayBuffer; sequence: number } | 'over' | undefined> {
  const address = new URL(url, location.href);
  address.searchParams.delete('through');
  address.searchParams.set('from', String(from));
  const response = await fetch(address, { signal, cache: 'no-store' });
  if (response.status === 404) return undefined;
  if (!response.ok) return 'over';
  const sequence = Number(/-(\d+)"$/.exec(response.headers.get('etag') ?? '')?.[1]);
  return Number.isFinite(sequence) ? { bytes: await response.arrayBuffer(), sequence } : 'over';
}

function once(target: EventTarget, type: string): Promise<void> {
  return new Promise((resolve) => target.addEventListener(type, () => resolve(), { once: true }));
}
