/** `npm run record`: the recorder alone, on the command line. */
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { probe } from './decode.ts';
import { compareWithDemo, demoSize } from './demo-recording.ts';
import { expect, test } from './fixtures.ts';
import { removeFolder, runScript } from './product.ts';

test('npm run record writes a whole file and prints statistics', async ({ product }) => {
  const folder = mkdtempSync(join(tmpdir(), 'participant-recorder-record-'));
  const out = join(folder, 'ada.webm');
  const demo = runScript(product, 'demo', [
    ...['--room', 'terminal', '--identity', 'ada', '--codec', 'vp8', '--size', demoSize.text, '--seconds', '14'],
  ]);
  const record = await runScript(product, 'record', [
    ...['--room', 'terminal', '--identity', 'ada', '--out', out, '--seconds', '6'],
  ]);
  expect(record.code, record.stderr).toBe(0);
  expect(record.stderr).not.toBe('');
  const statistics = JSON.parse(record.stdout) as { stats: { durationMs: number } };
  expect(statistics.stats.durationMs).toBeGreaterThan(5500);
  expect(Math.abs(probe(out).durationS - statistics.stats.durationMs / 1000)).toBeLessThan(0.5);
  expect((await compareWithDemo(out)).missingFrames).toEqual([]);
  await demo;
  removeFolder(folder);
});

test('npm run record ends with a sentence when the participant never comes', async ({ product }) => {
  const out = join(tmpdir(), 'nobody.webm');
  const record = await runScript(product, 'record', [
    ...['--room', 'terminal', '--identity', 'nobody', '--out', out, '--wait-seconds', '2'],
  ]);
  expect(record.code).toBe(4);
  expect(record.stderr).toContain('nobody');
  expect(record.stderr).not.toMatch(/^\s+at /m);
  expect(existsSync(out)).toBe(false);
});
