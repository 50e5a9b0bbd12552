/** The graph of one running recording, drawn by uPlot on a canvas: React is not asked for a new picture each second. */
import uPlot from 'uplot';
import { formatBitrate } from '../text/format.ts';
import type { GraphColumns } from './graph-columns.ts';

export interface LiveGraphDrawing {
  show(columns: GraphColumns): void;
  destroy(): void;
}

/** CSS colours, resolved: a canvas knows no custom properties. */
export interface GraphColours {
  bitrate: string;
  frames: string;
  lost: string;
  line: string;
  text: string;
}

interface LiveGraphOptions {
  seconds: number;
  colours(): GraphColours;
  /** What is under the pointer, in words; null when the pointer is elsewhere. */
  onPointer(text: string | null): void;
}

const leastSeconds = 30;
const font = '11px var(--font-sans), system-ui, sans-serif';

export function drawLiveGraph(host: HTMLElement, options: LiveGraphOptions): LiveGraphDrawing {
  const { seconds, colours } = options;
  const axis: uPlot.Axis = {
    stroke: () => colours().text,
    font: font.replace('var(--font-sans)', getComputedStyle(host).fontFamily),
    ticks: { show: false },
    gap: 6,
  };
  const graph = new uPlot(
    {
      width: host.clientWidth,
      height: host.clientHeight,
      padding: [6, 0, 6, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      scales: {
        x: { time: false, range: (_, min, max) => [max - spanOf(min, max, seconds), max] },
        bps: { range: (_, __, max) => [0, Math.max(1000, max ?? 0) * 1.15] },
        fps: { range: (_, __, max) => [0, Math.max(30, max ?? 0) * 1.15] },
        // Bars in the lower third: a few lost packets are seen, and cover nothing.
        lost: { range: (_, __, max) => [0, Math.max(10, max ?? 0) * 3] },
      },
      axes: [
        { show: false },
        {
          ...axis,
          scale: 'bps',
          size: 64,
          space: 28,
          grid: { stroke: () => colours().line, width: 1 },
          values: (_, splits) => splits.map((split) => (split === 0 ? '0' : formatBitrate(split))),
        },
        {
          ...axis,
          scale: 'fps',
          side: 1,
          size: 48,
          space: 28,
          grid: { show: false },
          values: (_, splits) => splits.map((split) => (split === 0 ? '' : `${split} fps`)),
        },
      ],
      series: [
        {},
        {
          scale: 'bps',
          width: 1.5,
          stroke: () => colours().bitrate,
          fill: () =>
            colours()
              .bitrate.replace(/^rgb\((.*)\)$/, 'rgb($1 / 0.1)')
              .replaceAll(',', ''),
          points: { show: false },
        },
        { scale: 'fps', width: 1.5, dash: [4, 3], stroke: () => colours().frames, points: { show: false } },
        {
          scale: 'lost',
          stroke: () => colours().lost,
          fill: () => colours().lost,
          paths: uPlot.paths.bars?.({ size: [0.7, 6] }),
          points: { show: false },
        },
      ],
      hooks: {
        setCursor: [({ cursor: { idx }, data }) => options.onPointer(describe(data as GraphColumns, idx))],
      },
    },
    [[], [], [], []],
    host,
  );
  const resizing = new ResizeObserver(() => {
    graph.setSize({ width: host.clientWidth, height: host.clientHeight });
  });
  resizing.observe(host);
  return {
    show: (columns) => graph.setData(columns),
    destroy() {
      resizing.disconnect();
      graph.destroy();
    },
  };
}

/** A recording that just began fills the graph within half a minute. */
function spanOf(min: number, max: number, seconds: number): number {
  return Math.min(seconds, Math.max(leastSeconds, max - min));
}

function describe([at, bitrate, frames, lost]: GraphColumns, index: number | null | undefined): string | null {
  const seconds = index == null ? undefined : at[index];
  const newest = at.at(-1);
  if (index == null || seconds === undefined || newest === undefined) return null;
  const ago = Math.round(newest - seconds);
  return [
    ago === 0 ? 'Now' : `${ago} s ago`,
    formatBitrate(bitrate[index] ?? 0),
    `${Math.round(frames[index] ?? 0)} fps`,
    `${lost[index] ?? 0} lost`,
  ].join(' · ');
}
