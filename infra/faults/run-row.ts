/** One row from its start to its verdict, in a product of its own. */
import { inspect } from 'node:util';
import { collectHistory, leftBehind } from './collect-history.ts';
import { type History, violations } from './invariants.ts';
import { Product } from './product.ts';
import type { Row, Verdict } from './row.ts';
import { Scene } from './scene.ts';

export interface RowResult extends Verdict {
  name: string;
  tookMs: number;
  /** Why it was not run. */
  skipped?: string;
  /** For a failure: the newest lines of every part. */
  logs: string;
}

const FINAL_WITHIN_MS = 60_000;

export async function runRow(row: Row, isShort: boolean): Promise<RowResult> {
  const from = performance.now();
  const result = { name: row.name, lost: '–', recovered: '–', problems: [] as string[], tookMs: 0, logs: '' };
  const skipped = row.skip?.();
  if (skipped) return { ...result, skipped };
  let product: Product | undefined;
  let losses = '';
  try {
    product = await Product.start(row.product);
    const scene = new Scene(product, !isShort);
    const { verdict, history } = await observe(row, scene);
    losses = history.files.map(({ key, loss }) => `${key} ${JSON.stringify(loss)}`).join('\n');
    await product.stop();
    const all = { ...history, leftovers: [...history.leftovers, ...(await leftBehind(product))] };
    Object.assign(result, verdict, { problems: [...verdict.problems, ...violations(all, scene.visibleHoleMs)] });
  } catch (error) {
    result.problems.push(inspect(error).slice(0, 2000));
    await product?.stop();
  }
  if (result.problems.length > 0 && product) result.logs = `${losses}\n${product.logText()}`;
  await product?.removeFolder();
  return { ...result, tookMs: performance.now() - from };
}

async function observe(row: Row, scene: Scene): Promise<{ verdict: Verdict; history: History }> {
  let judge: (history: History) => Verdict;
  try {
    judge = await row.run(scene);
  } finally {
    await scene.leaveAll();
  }
  const { shows, product } = scene;
  const history = await collectHistory(product, { shows, finalWithinMs: row.finalWithinMs ?? FINAL_WITHIN_MS });
  return { verdict: judge(history), history };
}
