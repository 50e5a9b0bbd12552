/** One measured number, with what it has to reach. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** Unset: for information, nothing is promised. */
  target?: Target;
  /** Where the number needs a word. */
  note?: string;
}

export type Target = { most: number } | { least: number };

/** A number that could not be had falls short of any target. */
export function isMet({ value, target }: Figure): boolean {
  if (!target) return true;
  return 'most' in target ? value <= target.most : value >= target.least;
}

export function targetText(target: Target | undefined): string {
  if (!target) return '';
  return 'most' in target ? `≤ ${target.most}` : `≥ ${target.least}`;
}

/** Three digits that mean something. */
export function valueText(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
