/**
 * `npm test`: everything, one step after the other, on a machine that need not have anything but Node. Ends with one
 * line, `N passed, N failed`, and a non-zero exit code when anything failed. `npm test -- unit lint` runs these steps only;
 * `long`, which takes minutes, runs only when it is named: `npm run test:long`.
 */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeFailure, prepare, projectFolder, Sentence } from './prepare.mjs';
import { createProgress } from './progress.mjs';

const progress = createProgress(process.stdout);
/** Where everything that is started keeps its temporary files; gone afterwards, whatever was forgotten in it. */
const scratch = mkdtempSync(join(tmpdir(), 'participant-recorder-test-'));
// Postgres may run as another user, who must be able to enter.
chmodSync(scratch, 0o711);
const faultsReport = join(scratch, 'faults.json');
const bin = (/** @type {string} */ name) => join(projectFolder, 'node_modules', '.bin', name);

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */
/** @typedef {{ name: string, onlyNamed?: boolean, command: string[], count: (code: number | null) => Count, before?: string[] }} Step */

/** @type {Step[]} */
const steps = [
  {
    name: 'types',
    // Writes the declarations that Next.js makes for routes and styles.
    before: [bin('next'), 'typegen'],
    command: [bin('tsc'), '--noEmit'],
    count: one,
  },
  { name: 'lint', command: [bin('biome'), 'check'], count: one },
  vitest('unit'),
  vitest('integration'),
  { ...vitest('long'), onlyNamed: true },
  {
    name: 'e2e',
    command: [bin('playwright'), 'test', '-c', 'e2e'],
    count: (code) => countPlaywright(join(projectFolder, 'test-results', 'e2e.json'), code),
  },
  {
    // The short form: `npm run test:faults` has all rows, and checks deadlines too.
    name: 'faults',
    command: [
      process.execPath,
      join(projectFolder, 'infra', 'dev', 'run.mjs'),
      'infra/faults/main.ts',
      '--short',
      '--json',
      faultsReport,
    ],
    count: (code) => certain(readJson(faultsReport) ?? one(code ?? 1), code),
  },
];

/** @type {number | undefined} */
let runningGroup;
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    if (runningGroup !== undefined) signalGroup(runningGroup, 'SIGTERM');
    // What was started gets the time to end in order; the group takes the rest.
    setTimeout(() => {
      if (runningGroup !== undefined) signalGroup(runningGroup, 'SIGKILL');
      rmSync(scratch, { recursive: true, force: true });
      process.exit(130);
    }, 10_000);
  });
}

process.exitCode = await main().catch((error) => {
  progress.line(`\n${describeFailure(error)}\n\n0 passed, 1 failed`);
  return 1;
});
rmSync(scratch, { recursive: true, force: true });

async function main() {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) {
    throw new Sentence(`There is no step ${unknown.join(', ')}: ${steps.map((step) => step.name).join(', ')}.`);
  }
  await prepare(progress);
  Object.assign(process.env, await findPrograms(), { TMPDIR: scratch });

  const total = { passed: 0, failed: 0, skipped: 0 };
  const summary = [];
  for (const step of steps.filter(({ name, onlyNamed }) =>
    wanted.length === 0 ? !onlyNamed : wanted.includes(name),
  )) {
    progress.line(`\n${progress.bold(step.name)}`);
    const from = performance.now();
    rmSync(join(projectFolder, 'test-results', 'e2e.json'), { force: true });
    const before = step.before ? await run(step.before, 'only when it fails') : 0;
    const code = before === 0 ? await run(step.command, 'shown') : before;
    const count = step.count(code);
    for (const key of /** @type {const} */ (['passed', 'failed', 'skipped'])) total[key] += count[key];
    const seconds = ((performance.now() - from) / 1000).toFixed(1);
    summary.push(`${count.failed > 0 ? '✗' : '✓'} ${step.name.padEnd(12)} ${sentence(count).padEnd(36)} ${seconds} s`);
    progress.line(summary.at(-1) ?? '');
  }
  progress.line(`\n${summary.join('\n')}\n\n${sentence(total)}`);
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
}

/** @param {Count} count */
function sentence({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** @param {number | null} code */
function one(code) {
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

/**
 * @param {string} project
 * @returns {Step}
 */
function vitest(project) {
  const report = join(scratch, `${project}.json`);
  return {
    name: project,
    command: [
      bin('vitest'),
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    count: (code) => countVitest(report, code),
  };
}

/**
 * @param {string} path
 * @param {number | null} code
 */
function countVitest(path, code) {
  const report = readJson(path);
  if (!report) return one(code ?? 1);
  // A file that could not even be loaded has no tests to count.
  const broken = report.testResults.filter(
    (/** @type {{ status: string, assertionResults: unknown[] }} */ file) =>
      file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  return certain(
    {
      passed: report.numPassedTests,
      failed: report.numFailedTests + broken,
      skipped: report.numPendingTests + report.numTodoTests,
    },
    code,
  );
}

/**
 * @param {string} path
 * @param {number | null} code
 */
function countPlaywright(path, code) {
  const stats = readJson(path)?.stats;
  if (!stats) return one(code ?? 1);
  return certain({ passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped }, code);
}

/**
 * A runner that fails without a failed test (an unhandled error, a set-up that broke) has failed.
 * @param {Count} count
 * @param {number | null} code
 */
function certain(count, code) {
  return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

/** @param {string} path */
function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** ffmpeg and a browser: from the machine; on Debian as root they are installed. */
async function findPrograms() {
  const { findFfmpeg } = await import('../../.build/recorder/render/find-ffmpeg.js');
  let chromium = await findChromium();
  let ffmpeg = findFfmpeg();
  const missing = [...(chromium ? [] : ['chromium']), ...(ffmpeg?.ffprobe ? [] : ['ffmpeg'])];
  if (missing.length > 0) {
    if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) {
      const commands =
        process.platform === 'darwin'
          ? { chromium: 'npx playwright install chromium', ffmpeg: 'brew install ffmpeg' }
          : { chromium: 'npx playwright install --with-deps chromium', ffmpeg: 'sudo apt-get install ffmpeg' };
      const names = /** @type {('chromium' | 'ffmpeg')[]} */ (missing);
      throw new Sentence(`The tests need ${missing.join(' and ')}: ${names.map((name) => commands[name]).join('; ')}`);
    }
    const step = progress.step('Programs', `apt-get install ${missing.join(' ')}`);
    const environment = { DEBIAN_FRONTEND: 'noninteractive' };
    await run(['apt-get', 'update', '-qq'], 'only when it fails', environment);
    const code = await run(
      ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...missing],
      'only when it fails',
      environment,
    );
    if (code !== 0) {
      step.fail('not installed');
      throw new Sentence(`apt-get could not install ${missing.join(' and ')}: see above.`);
    }
    step.done(`${missing.join(' and ')} installed`);
    chromium = await findChromium();
    ffmpeg = findFfmpeg();
  }
  return { CHROMIUM_PATH: chromium, FFMPEG_PATH: ffmpeg?.ffmpeg, FFPROBE_PATH: ffmpeg?.ffprobe };
}

/** CHROMIUM_PATH, the distribution's, or the one that Playwright has installed. */
async function findChromium() {
  const { chromium } = await import('playwright');
  return [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', chromium.executablePath()].find(
    (path) => path && existsSync(path),
  );
}

/**
 * @param {string[]} command
 * @param {'shown' | 'only when it fails'} output
 * @param {Record<string, string>} [environment]
 * @returns {Promise<number | null>}
 */
function run([command = '', ...args], output, environment = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: projectFolder,
      env: { ...process.env, ...environment },
      // A group of its own: what it leaves behind is found and ended.
      detached: true,
      stdio: ['ignore', output === 'shown' ? 'inherit' : 'pipe', output === 'shown' ? 'inherit' : 'pipe'],
    });
    runningGroup = child.pid;
    let kept = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => (kept = (kept + chunk).slice(-20_000)));
    child.once('error', (error) => {
      progress.line(`${command} cannot be started: ${error.message}`);
      resolve(127);
    });
    child.once('exit', () => {
      if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
    });
    child.once('close', (code) => {
      runningGroup = undefined;
      if (code !== 0 && kept) progress.line(kept.trimEnd());
      resolve(code);
    });
  });
}

/**
 * @param {number} group
 * @param {NodeJS.Signals} signal
 */
function signalGroup(group, signal) {
  try {
    process.kill(-group, signal);
  } catch {
    // Nobody is left in it.
  }
}
