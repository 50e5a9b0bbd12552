import clsx from 'clsx';

interface LiveButtonProps {
  isAtEdge: boolean;
  onPress(): void;
}

/** Red while what is seen has just happened; else it leads there. */
export function LiveButton({ isAtEdge, onPress }: LiveButtonProps) {
  return (
    <button type="button" onClick={onPress} aria-pressed={isAtEdge} className="player-speed player-live">
      <span aria-hidden className={clsx('size-2 rounded-full', isAtEdge ? 'bg-[#ff5a52]' : 'bg-white/50')} />
      Live
    </button>
  );
}
