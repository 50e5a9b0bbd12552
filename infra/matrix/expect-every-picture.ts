import { expect, type TestContext } from 'vitest';
import { findChromium } from './chromium/chromium-publisher.ts';
import type { MatrixTable } from './matrix-table.ts';
import type { Stage } from './perform-case.ts';
import { type EncoderCase, recordEncoder } from './record-encoder.ts';

/** Every picture that an encoder sent, once and in order. What it left out for want of time is not missing. */
export async function expectEveryPicture(
  context: TestContext,
  stage: Stage,
  row: EncoderCase,
  table: MatrixTable,
): Promise<void> {
  const { publisher } = row;
  if (publisher.kind === 'chromium' && !findChromium()) context.skip('There is no Chromium on this machine.');
  const result = await recordEncoder(stage, row);
  table.addEncoder(row.name, result);
  const { recorded, seen, drawn, framesSent } = result;
  expect(recorded.outcome).toMatchObject({ kind: 'finished' });
  expect(seen.flatMap(({ errors }) => errors)).toEqual([]);

  const numbers = seen.flatMap(({ pictures }) => pictures.map(({ number }) => number ?? Number.NaN));
  expect(numbers).not.toContain(Number.NaN);
  const steps = numbers.map((number, index) => number - (numbers[index - 1] ?? number - 1));
  // A browser captures a screen when it likes, the same picture twice or one never.
  if (publisher.kind === 'chromium' && publisher.plan.screen) {
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
    return;
  }
  expect(Math.min(...steps)).toBeGreaterThanOrEqual(1);
  const leftOut = steps.reduce((sum, step) => sum + step - 1, 0);
  expect(leftOut).toBeLessThanOrEqual(drawn - framesSent);
}
