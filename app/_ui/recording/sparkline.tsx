import { maxSamples } from '../live/live-store.ts';

interface SparklineProps {
  values: readonly number[];
  className?: string;
}

const width = maxSamples - 1;
const height = 20;

/** The last minute; a shorter history keeps to the right, so that the newest value is always at the edge. */
export function Sparkline({ values, className }: SparklineProps) {
  const peak = Math.max(1, ...values);
  const points = values.map((value, index) => {
    const x = width - (values.length - 1 - index);
    return `${x},${(height - 1 - (value / peak) * (height - 3)).toFixed(1)}`;
  });
  const first = width - (values.length - 1);
  return (
    <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true" className={className}>
      <line
        x1={0}
        x2={width}
        y1={height - 0.5}
        y2={height - 0.5}
        className="stroke-line"
        vectorEffect="non-scaling-stroke"
      />
      {points.length > 1 && (
        <>
          <polygon points={`${first},${height} ${points.join(' ')} ${width},${height}`} className="fill-live/10" />
          <polyline
            points={points.join(' ')}
            fill="none"
            strokeWidth={1.5}
            strokeLinejoin="round"
            className="stroke-live"
            vectorEffect="non-scaling-stroke"
          />
        </>
      )}
    </svg>
  );
}
