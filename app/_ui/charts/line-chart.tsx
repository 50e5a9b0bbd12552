'use client';

import { useEffect, useRef, useState } from 'react';
import type { LineDrawing } from './draw-line.ts';

interface LineChartProps {
  title: string;
  /** Seconds; null in `ys`: nothing is known there. */
  xs: readonly number[];
  ys: readonly (number | null)[];
  format(value: number): string;
  formatX(seconds: number): string;
  /** Charts of the same name show the same moment under the pointer. */
  group: string;
  onPick?(seconds: number): void;
}

/** One line over time. The drawing library is loaded when the first chart is there. */
export function LineChart({ title, xs, ys, format, formatX, group, onPick }: LineChartProps) {
  const plot = useRef<HTMLDivElement>(null);
  const drawing = useRef<LineDrawing | undefined>(undefined);
  const [pointed, setPointed] = useState<string | undefined>(undefined);
  const newest = useRef({ xs, ys, format, formatX, onPick });
  useEffect(() => {
    newest.current = { xs, ys, format, formatX, onPick };
    drawing.current?.show(xs, ys);
  });

  useEffect(() => {
    let isGone = false;
    void import('./draw-line.ts').then(({ drawLine }) => {
      if (isGone || plot.current === null) return;
      drawing.current = drawLine(plot.current, {
        group,
        format: (value) => newest.current.format(value),
        formatX: (seconds) => newest.current.formatX(seconds),
        onPointer: setPointed,
        onPick: (seconds) => newest.current.onPick?.(seconds),
      });
      drawing.current.show(newest.current.xs, newest.current.ys);
    });
    return () => {
      isGone = true;
      drawing.current?.destroy();
      drawing.current = undefined;
    };
  }, [group]);

  const known = ys.filter((value) => value !== null);
  const average = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length);
  const summary =
    known.length === 0 ? 'Not known' : `${format(average)} on average, ${format(Math.max(...known))} at most`;
  return (
    <figure className="min-w-0">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-3 text-xs">
        <span className="font-medium">{title}</span>
        <span className="figures text-ink-muted">
          <span className={pointed === undefined ? undefined : 'sr-only'}>{summary}</span>
          {pointed !== undefined && <span aria-hidden>{pointed}</span>}
        </span>
      </figcaption>
      <div ref={plot} aria-hidden className="mt-1 h-20 text-busy" />
    </figure>
  );
}
