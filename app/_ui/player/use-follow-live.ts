'use client';

import { type RefObject, useEffect, useRef, useState } from 'react';
import { type FollowLiveOptions, followLive, type LiveFollower } from './follow-live.ts';

/** Further behind than this is not live. */
const atEdgeS = 10;
const lookEveryMs = 1_000;

/** Follows what is at the address, while there is one. */
export function useFollowLive(
  element: RefObject<HTMLVideoElement | null>,
  url: string | undefined,
  options: Omit<FollowLiveOptions, 'element' | 'url'>,
): { follower: LiveFollower | undefined; isAtEdge: boolean } {
  const [follower, setFollower] = useState<LiveFollower | undefined>(undefined);
  const [isAtEdge, setIsAtEdge] = useState(true);
  const newest = useRef(options);
  useEffect(() => {
    newest.current = options;
  });
  useEffect(() => {
    if (element.current === null || url === undefined) return undefined;
    const following = followLive({
      element: element.current,
      url,
      isOver: () => newest.current.isOver(),
      onStart: (started) => newest.current.onStart(started),
      onFail: () => newest.current.onFail(),
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
  }, [element, url]);
  return { follower, isAtEdge };
}
