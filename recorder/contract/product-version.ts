/** What is run here, for comparing worker and dashboard: the version of package.json and, in a clone, the commit. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const commitCharacters = 7;

/**
 * Read when a process starts: what is checked out later is not what it runs.
 *
 * @param from a folder of the product, or below it
 * @returns undefined where there is no package.json: nothing is known then
 */
export function productVersion(from: string): string | undefined {
  let folder = from;
  while (!existsSync(join(/* turbopackIgnore: true */ folder, 'package.json'))) {
    if (dirname(folder) === folder) return undefined;
    folder = dirname(folder);
  }
  const read = (path: string) => readFileSync(join(/* turbopackIgnore: true */ folder, path), 'utf8');
  const { version } = JSON.parse(read('package.json')) as { version?: string };
  return [version, commitOf(read)].filter(Boolean).join(' ') || undefined;
}

/** Of a clone; git itself need not be installed. */
function commitOf(read: (path: string) => string): string | undefined {
  try {
    const head = read('.git/HEAD').trim();
    const branch = /^ref: (.+)$/.exec(head)?.[1];
    return (branch === undefined ? head : tipOf(branch, read))?.slice(0, commitCharacters);
  } catch {
    return undefined;
  }
}

/** In a file of its own, or in the list of those that did not move for long. */
function tipOf(branch: string, read: (path: string) => string): string | undefined {
  try {
    return read(join('.git', branch)).trim();
  } catch {
    const line = read('.git/packed-refs')
      .split('\n')
      .find((one) => one.endsWith(` ${branch}`));
    return line?.split(' ')[0];
  }
}
