import type { Figure } from './figure.ts';

export interface BenchmarkContext {
  /** Numbers given as `--name value`. */
  number(name: string, usual: number): number;
  /** Lists of numbers, given as `--name 1,10,25`. */
  numbers(name: string, usual: readonly number[]): readonly number[];
  /** What happens now, for whoever waits. */
  say(message: string): void;
}

export interface Benchmark {
  /** One sentence: what is measured, and how. */
  summary: string;
  /** Options it understands beside those of all, for the help. */
  options: Readonly<Record<string, string>>;
  run(context: BenchmarkContext): Promise<Figure[]>;
}
