import { type Figure, isMet, targetText, valueText } from './figure.ts';

/** A table for people, and for a README: GitHub's Markdown. */
export function tableText(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.note ? `${figure.name} (${figure.note})` : figure.name,
    `${valueText(figure.value)} ${figure.unit}`.trim(),
    targetText(figure.target),
    figure.target ? (isMet(figure) ? 'yes' : '**no**') : '',
  ]);
  const all = [['figure', 'measured', 'target', 'met'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...rest] = all;
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rest.map(line)].join('\n');
}
