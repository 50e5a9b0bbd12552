/**
 * `npm run test:faults [-- --short] [-- part of a name]`: every row of the fault table against the real product, one line a row:
 * what was lost, and how long recovery took. Ends with `N passed, N failed`, and with 1 when an invariant failed.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildDashboard } from '../dev/build-dashboard.ts';
import { stopAllChildren } from '../dev/child-process.ts';
import { projectFolder } from '../dev/prepare.mjs';
import { loadParticipantClips } from './participant.ts';
import type { Row } from './row.ts';
import { clockRows } from './rows/clocks.ts';
import { controlPlaneRows } from './rows/control-plane.ts';
import { databaseRows } from './rows/database.ts';
import { diskRows } from './rows/disk.ts';
import { floodRows } from './rows/floods.ts';
import { livekitRows } from './rows/livekit.ts';
import { protectionOffRows } from './rows/protection-off.ts';
import { startRows } from './rows/starts.ts';
import { storeRows } from './rows/store.ts';
import { webhookRows } from './rows/webhooks.ts';
import { workerRows } from './rows/worker.ts';
import { zombieRows } from './rows/zombie.ts';
import { type RowResult, runRow } from './run-row.ts';

const allRows: Row[] = [
  ...workerRows,
  ...zombieRows,
  ...controlPlaneRows,
  ...databaseRows,
  ...storeRows,
  ...diskRows,
  ...livekitRows,
  ...webhookRows,
  ...startRows,
  ...clockRows,
  ...floodRows,
  ...protectionOffRows,
];

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stopAllChildren().finally(() => process.exit(1)));
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { short: { type: 'boolean' }, json: { type: 'string' }, lanes: { type: 'string' } },
  });
  const isShort = values.short === true;
  const rows = allRows
    .filter((row) => !isShort || row.isShort)
    .filter(({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)));
  if (rows.length === 0) {
    process.stderr.write(`No row is named so. There are:\n${allRows.map(({ name }) => `  ${name}`).join('\n')}\n`);
    return 2;
  }
  await Promise.all([loadParticipantClips(), buildDashboard((message) => process.stderr.write(`${message}\n`))]);
  const results: RowResult[] = [];
  const runAll = async (some: Row[], lanes: number) => {
    const waiting = [...some];
    const work = async () => {
      for (let row = waiting.shift(); row; row = waiting.shift()) {
        const result = await runRow(row, isShort);
        results.push(result);
        await print(result);
      }
    };
    await Promise.all(Array.from({ length: lanes }, work));
  };
  await runAll(
    rows.filter((row) => !row.isHeavy),
    Number(values.lanes ?? (isShort ? 2 : 3)),
  );
  await runAll(
    rows.filter((row) => row.isHeavy),
    1,
  );
  const failed = results.filter(({ problems }) => problems.length > 0).length;
  const skipped = results.filter((result) => result.skipped).length;
  const passed = results.length - failed - skipped;
  if (values.json) await writeFile(values.json, JSON.stringify({ passed, failed, skipped }));
  process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  return failed > 0 ? 1 : 0;
}

async function print({ name, lost, recovered, problems, skipped, tookMs, logs }: RowResult): Promise<void> {
  const mark = skipped ? '–' : problems.length > 0 ? '✗' : '✓';
  const facts = skipped ?? `lost ${lost}; recovered: ${recovered}`;
  process.stdout.write(`${mark} ${name.padEnd(56)} ${facts.padEnd(52)} ${(tookMs / 1000).toFixed(0)} s\n`);
  for (const problem of problems) process.stdout.write(`    ${problem}\n`);
  if (logs === '') return;
  const folder = join(projectFolder, 'test-results', 'faults');
  const file = join(folder, `${name.replace(/[^a-z0-9]+/gi, '-')}.log`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, logs);
  process.stdout.write(`    Logs: ${file}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${(error as Error).stack ?? error}\n`);
  process.exitCode = 1;
}
await stopAllChildren();
// Native peer connections keep the process alive for a while after they are closed.
process.exit();
