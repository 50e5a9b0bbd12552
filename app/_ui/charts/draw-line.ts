/** A line drawn by uPlot on a canvas. Its colour is the host's text colour, also after the scheme has changed. */
import 'uplot/dist/uPlot.min.css';
import uPlot from 'uplot';

export interface LineDrawing {
  show(xs: readonly number[], ys: readonly (number | null)[]): void;
  destroy(): void;
}

export interface LineOptions {
  group: string;
  format(value: number): string;
  formatX(seconds: number): string;
  /** What is under the pointer, in words; undefined when it is elsewhere. */
  onPointer(text: string | undefined): void;
  onPick(seconds: number): void;
}

/** Above the highest point. */
const headroom = 1.12;

export function drawLine(host: HTMLElement, options: LineOptions): LineDrawing {
  const colour = () => getComputedStyle(host).color;
  const withAlpha = (alpha: number) => `color-mix(in srgb, ${colour()} ${alpha * 100}%, transparent)`;
  const graph = new uPlot(
    {
      width: host.clientWidth,
      height: host.clientHeight,
      padding: [2, 0, 2, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, sync: { key: options.group }, points: { size: 6 } },
      scales: {
        x: { time: false, range: (_, min, max) => [Math.min(0, min), max] },
        y: { range: (_, __, max) => [0, Math.max(max ?? 0, 1e-6) * headroom] },
      },
      axes: [{ show: false }, { show: false, grid: { show: true, stroke: () => withAlpha(0.15), width: 1 }, size: 0 }],
      series: [
        {},
        {
          width: 1.5,
          stroke: colour,
          fill: () => withAlpha(0.12),
          points: { show: (plot) => (plot.data[0]?.length ?? 0) < 3 },
          spanGaps: false,
        },
      ],
      hooks: {
        setCursor: [
          ({ cursor: { idx }, data: [xs, ys] }) => {
            const x = idx == null ? undefined : xs[idx];
            const y = idx == null ? undefined : ys?.[idx];
            options.onPointer(x == null || y == null ? undefined : `${options.formatX(x)} · ${options.format(y)}`);
          },
        ],
      },
    },
    [[], []],
    host,
  );
  const pick = () => {
    const { idx } = graph.cursor;
    const x = idx == null ? undefined : graph.data[0][idx];
    if (x !== undefined) options.onPick(x);
  };
  graph.over.addEventListener('click', pick);
  const resizing = new ResizeObserver(() => {
    graph.setSize({ width: host.clientWidth, height: host.clientHeight });
  });
  resizing.observe(host);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const redraw = () => graph.redraw();
  scheme.addEventListener('change', redraw);
  return {
    show: (xs, ys) => graph.setData([[...xs], [...ys]]),
    destroy() {
      scheme.removeEventListener('change', redraw);
      resizing.disconnect();
      graph.destroy();
    },
  };
}
