'use client';

import { type RefObject, useEffect, useRef, useState } from 'react';
import { followLive, type LiveFollower } from './follow-live.ts';

/** Further behind than this is not live. */
const atEdgeS = 10;
const lookEveryMs = 1_000;

interface Callbacks {
  onEnd(): void;
  onFarBack(atS: number): void;
}

/** Follows while there is something to follow. */
export function useFollowLive(
  element: RefObject<HTMLVideoElement | null>,
  what: { url: string; mimeType: string } | undefined,
  callbacks: Callbacks,
): { follower: LiveFollower | undefined; isAtEdge: boolean } {
  const [follower, setFollower] = useState<LiveFollower | undefined>(undefined);
  const [isAtEdge, setIsAtEdge] = useState(true);
  const newest = useRef(callbacks);
  useEffect(() => {
    newest.current = callbacks;
  });
  const { url, mimeType } = what ?? {};
  useEffect(() => {
    if (element.current === null || url === undefined || mimeType === undefined) return undefined;
    const following = followLive({
      element: element.current,
      url,
      mimeType,
      onEnd: () => newest.current.onEnd(),
      onFarBack: (atS) => newest.current.onFarBack(atS),
    });
    setFollower(following);
    setIsAtEdge(true);
    const timer = setInterval(() => setIsAtEdge(following.behindS() < atEdgeS), lookEveryMs);
    return () => {
      clearInterval(timer);
      following.stop();
      setFollower(undefined);
    };
  }, [element, url, mimeType]);
  return { follower, isAtEdge };
}
