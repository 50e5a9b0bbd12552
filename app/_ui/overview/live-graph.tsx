'use client';

import 'uplot/dist/uPlot.min.css';
import clsx from 'clsx';
import { useEffect, useRef } from 'react';
import { maxSamples } from '../live/live-store.ts';
import { useLiveStore } from '../live/use-live.ts';
import { drawLiveGraph, type GraphColours } from './draw-live-graph.ts';
import { graphColumns } from './graph-columns.ts';

const legend = [
  { name: 'bitrate', label: 'Bitrate', classes: 'text-busy', mark: 'h-0.5 w-3 bg-current' },
  { name: 'frames', label: 'Frames', classes: 'text-good', mark: 'w-3 border-t-2 border-dashed border-current' },
  { name: 'lost', label: 'Lost packets', classes: 'text-live', mark: 'h-2.5 w-1 bg-current' },
] as const;

/** Bitrate, frames and loss of the last two minutes. Where it is not seen, it is not drawn. */
export function LiveGraph({ recordingId }: { recordingId: string }) {
  const store = useLiveStore();
  const figure = useRef<HTMLElement>(null);
  const plot = useRef<HTMLDivElement>(null);
  const readout = useRef<HTMLSpanElement>(null);

  useEffect(() => {
    if (figure.current === null || plot.current === null) return;
    const drawing = drawLiveGraph(plot.current, {
      seconds: maxSamples,
      colours: coloursOf(figure.current),
      onPointer: (text) => {
        if (readout.current !== null) readout.current.textContent = text ?? '';
      },
    });
    let seen = false;
    let shown: unknown;
    const show = () => {
      const samples = store.snapshot().samples.get(recordingId) ?? [];
      if (!seen || samples === shown) return;
      shown = samples;
      drawing.show(graphColumns(samples));
    };
    const seeing = new IntersectionObserver((entries) => {
      seen = entries.at(-1)?.isIntersecting ?? false;
      show();
    });
    seeing.observe(plot.current);
    const unsubscribe = store.subscribe(show);
    return () => {
      unsubscribe();
      seeing.disconnect();
      drawing.destroy();
    };
  }, [store, recordingId]);

  return (
    <figure ref={figure} className="min-w-0">
      <figcaption className="flex min-h-4 flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-muted">
        {legend.map(({ name, label, classes, mark }) => (
          <span key={name} className="inline-flex items-center gap-1.5">
            <span aria-hidden data-series={name} className={clsx('grid place-items-center', classes)}>
              <span className={mark} />
            </span>
            {label}
          </span>
        ))}
        <span ref={readout} className="figures ml-auto text-ink-faint" />
      </figcaption>
      <div ref={plot} aria-hidden className="mt-1 h-32" />
    </figure>
  );
}

/** Of the legend's marks and the page, read again when the scheme has changed. */
function coloursOf(figure: HTMLElement): () => GraphColours {
  const prefersDark = matchMedia('(prefers-color-scheme: dark)');
  let scheme = '';
  let colours: GraphColours = { bitrate: '', frames: '', lost: '', line: '', text: '' };
  const colourOf = (name: string) => {
    const mark = figure.querySelector(`[data-series=${name}]`);
    return mark === null ? '' : getComputedStyle(mark).color;
  };
  return () => {
    const now = `${document.documentElement.dataset.theme}/${prefersDark.matches}`;
    if (now !== scheme) {
      scheme = now;
      const { color, borderTopColor } = getComputedStyle(figure.querySelector('figcaption') ?? figure);
      colours = {
        bitrate: colourOf('bitrate'),
        frames: colourOf('frames'),
        lost: colourOf('lost'),
        line: borderTopColor,
        text: color,
      };
    }
    return colours;
  };
}
