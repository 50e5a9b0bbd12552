/** One row of the fault table: what is done to the product, and what must be true of the history that follows. */
import type { History } from './invariants.ts';
import type { ProductOptions } from './product.ts';
import type { Scene } from './scene.ts';

export interface Row {
  name: string;
  /** Also part of the short form, which checks outcomes and no deadlines. */
  isShort?: boolean;
  /** Needs the machine for itself: it is run when all others are done. */
  isHeavy?: boolean;
  product?: ProductOptions;
  /** After the row is over, until everything must be final. Default 60 s. */
  finalWithinMs?: number;
  /** A sentence why this machine cannot run it. */
  skip?: () => string | undefined;
  /** Makes the fault, and returns how to judge what it did once everything has ended. */
  run(scene: Scene): Promise<(history: History) => Verdict>;
}

export interface Verdict {
  /** What was lost, in words. */
  lost: string;
  /** How long recovery took, in words. */
  recovered: string;
  /** What is not as it should be, besides the invariants. */
  problems: string[];
}
