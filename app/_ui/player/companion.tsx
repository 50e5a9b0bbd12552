'use client';

import clsx from 'clsx';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { askAgain } from './ask-again.ts';
import { canFollow } from './follow-live.ts';
import { keepInStep } from './keep-in-step.ts';
import { type PlayableMedium, partAt, zeroOf } from './media-parts.ts';
import { useFollowLive } from './use-follow-live.ts';

interface CompanionProps {
  label: string;
  /** In order of time; at least one. The newest there is of each. */
  parts: readonly PlayableMedium[];
  isGrowing: boolean;
  /** The leader follows what is being recorded. */
  isLive: boolean;
  leader: RefObject<HTMLVideoElement | null>;
  /** Where the leader is on the recording's clock. */
  positionNowMs: () => number;
  className?: string;
}

const lookEveryMs = 200;
/** Of what is followed less is known to be there than can be played. */
const notToldYetMs = 5_000;

/** The other medium, which goes where the player goes: same moment, same speed, same loudness. It has no controls. */
export function Companion(props: CompanionProps) {
  const { label, parts, isGrowing, isLive, leader, positionNowMs, className } = props;
  const element = useRef<HTMLVideoElement>(null);
  const [shown, setShown] = useState(() => {
    const index = partAt(parts, positionNowMs());
    return { index, part: parts[index], isLive: false };
  });
  const [isThere, setIsThere] = useState(true);
  /** Where time 0 of what is loaded lies: not every browser keeps the times of a file that does not begin at 0. */
  const zeroMs = useRef(0);

  const { index, part } = shown;
  const newest = parts[index];
  const follows = shown.isLive && part !== undefined && !part.finished && canFollow(part.contentType);
  const isOver = !isGrowing || index < parts.length - 1;
  useFollowLive(element, follows ? part.url : undefined, {
    isOver: () => isOver,
    onStart: () => {},
    onFail: () => setShown({ ...shown, part: newest, isLive: false }),
    onFarBack: () => {},
  });

  useEffect(() => {
    const look = () => {
      const led = element.current;
      const leads = leader.current;
      if (!led || !leads || !part || !newest) return;
      const leaderMs = positionNowMs();
      const wanted = partAt(parts, leaderMs);
      const isPast = leaderMs > part.startMs + part.durationMs && newest.durationMs > part.durationMs;
      if (wanted !== index || isLive !== shown.isLive || (isPast && !follows)) {
        setShown({ index: wanted, part: parts[wanted], isLive });
        return;
      }
      const leaderWaits =
        leads.paused || leads.ended || leads.seeking || leads.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
      const leaderRate = leads.playbackRate;
      const { atS, jump, playbackRate } = keepInStep({
        leaderMs,
        leaderRate,
        leaderWaits,
        startMs: part.startMs,
        durationMs: follows ? newest.durationMs + (isOver ? 0 : notToldYetMs) : part.durationMs,
        zeroMs: zeroMs.current,
        followerS: led.currentTime,
      });
      setIsThere(atS !== undefined);
      if (atS !== undefined && jump && !led.seeking) led.currentTime = atS;
      if (led.playbackRate !== playbackRate) led.playbackRate = playbackRate;
      led.volume = leads.volume;
      led.muted = leads.muted;
      if (leaderWaits || atS === undefined) led.pause();
      else if (led.paused) void led.play().catch(() => {});
    };
    const timer = setInterval(look, lookEveryMs);
    look();
    return () => clearInterval(timer);
  }, [leader, positionNowMs, parts, part, newest, index, isLive, shown.isLive, follows, isOver]);

  if (!part) return null;
  return (
    <div className={clsx('player relative overflow-hidden rounded-xl bg-black', className)}>
      {/* biome-ignore lint/a11y/useMediaCaption: What was recorded has no captions. */}
      <video
        key={follows ? 'followed' : 'file'}
        ref={element}
        src={follows ? undefined : part.url}
        preload="auto"
        playsInline
        aria-label={label}
        onLoadedMetadata={({ currentTarget }) => {
          zeroMs.current = follows ? part.zeroMs : zeroOf(part, currentTarget);
        }}
        onError={({ currentTarget }) => {
          // What a finished file was made of is gone some time afterwards.
          if (newest?.finished && !part.finished) setShown({ ...shown, part: newest });
          else if (!follows) askAgain(currentTarget);
        }}
        onStalled={({ currentTarget }) => {
          if (!follows) askAgain(currentTarget);
        }}
        className={clsx('size-full object-contain', !isThere && 'invisible')}
      />
      {!isThere && (
        <p className="absolute inset-0 grid place-items-center text-[0.8125rem] text-white/70">Not shared now</p>
      )}
    </div>
  );
}
