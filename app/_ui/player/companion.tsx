'use client';

import clsx from 'clsx';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { keepInStep } from './keep-in-step.ts';
import { type PlayableMedium, partAt } from './media-parts.ts';

interface CompanionProps {
  label: string;
  /** In order of time; at least one. */
  parts: readonly PlayableMedium[];
  leader: RefObject<HTMLVideoElement | null>;
  /** Where the leader is on the recording's clock. */
  positionNowMs: () => number;
  className?: string;
}

const lookEveryMs = 200;

/** The other medium, which goes where the player goes: same moment, same speed, same loudness. It has no controls. */
export function Companion({ label, parts, leader, positionNowMs, className }: CompanionProps) {
  const element = useRef<HTMLVideoElement>(null);
  const [index, setIndex] = useState(() => partAt(parts, positionNowMs()));
  const [isThere, setIsThere] = useState(true);
  const part = parts[Math.min(index, parts.length - 1)];

  useEffect(() => {
    const look = () => {
      const led = element.current;
      const leads = leader.current;
      if (!led || !leads || !part) return;
      const leaderMs = positionNowMs();
      const wanted = partAt(parts, leaderMs);
      if (wanted !== index) return setIndex(wanted);
      const leaderWaits =
        leads.paused || leads.ended || leads.seeking || leads.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
      const leaderRate = leads.playbackRate;
      const { startMs, durationMs } = part;
      const place = { leaderMs, leaderRate, leaderWaits, startMs, durationMs, followerS: led.currentTime };
      const { atS, jump, playbackRate } = keepInStep(place);
      setIsThere(atS !== undefined);
      if (atS !== undefined && jump && !led.seeking) led.currentTime = atS;
      if (led.playbackRate !== playbackRate) led.playbackRate = playbackRate;
      led.volume = leads.volume;
      led.muted = leads.muted;
      if (leaderWaits || atS === undefined) led.pause();
      else if (led.paused) void led.play().catch(() => {});
      return undefined;
    };
    const timer = setInterval(look, lookEveryMs);
    look();
    return () => clearInterval(timer);
  }, [leader, positionNowMs, parts, part, index]);

  if (!part) return null;
  return (
    <div className={clsx('player relative overflow-hidden rounded-xl bg-black', className)}>
      {/* biome-ignore lint/a11y/useMediaCaption: What was recorded has no captions. */}
      <video
        ref={element}
        src={part.url}
        preload="auto"
        playsInline
        aria-label={label}
        className={clsx('size-full object-contain', !isThere && 'invisible')}
      />
      {!isThere && (
        <p className="absolute inset-0 grid place-items-center text-[0.8125rem] text-white/70">Not shared now</p>
      )}
    </div>
  );
}
