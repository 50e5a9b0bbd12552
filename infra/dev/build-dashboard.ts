import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startChild } from './child-process.ts';
import { filesBelow, hashFiles, projectFolder, Sentence } from './prepare.mjs';

const sourceFolders = ['app', 'db', 'storage', 'recorder/contract', 'public'];

/** The production build of the pages and routes, unless the last one was made from these sources. */
export async function buildDashboard(onProgress: (message: string) => void): Promise<'built' | 'up to date'> {
  const stampPath = join(projectFolder, '.next', 'participant-recorder.stamp');
  const stamp = hashFiles(await dashboardSources());
  if (existsSync(stampPath) && (await readFile(stampPath, 'utf8')) === stamp) return 'up to date';
  onProgress('building, up to a minute');
  const child = await startChild({
    name: 'next build',
    command: process.execPath,
    args: [join(projectFolder, 'node_modules', 'next', 'dist', 'bin', 'next'), 'build'],
    cwd: projectFolder,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      NO_COLOR: '1',
      FORCE_COLOR: undefined,
    },
    onLine: (line) => {
      if (/^\s*(Creating|Compiled|Collecting|Generating|Finalizing|✓)/.test(line))
        onProgress(`building: ${line.trim()}`);
    },
  });
  const { code } = await child.ended;
  if (code !== 0) {
    if (/ENOSPC|No space left/.test(child.tail()))
      throw new Sentence(`The disk of ${projectFolder} is full: free some space.`);
    const said = child.tail().replace(/^\s*at .*\n?/gm, '');
    throw new Sentence(`The dashboard cannot be built:\n${said}`);
  }
  await writeFile(stampPath, stamp);
  return 'built';
}

async function dashboardSources(): Promise<string[]> {
  const atTop = await readdir(projectFolder, { withFileTypes: true });
  return [
    ...atTop
      .filter((entry) => entry.isFile() && /\.(ts|mjs|json)$/.test(entry.name))
      .filter((entry) => !/^(next-env\.d|vitest\.config)\.ts$|^tsconfig\.build\.json$|^biome\.json$/.test(entry.name))
      .map((entry) => join(projectFolder, entry.name)),
    ...sourceFolders
      .flatMap((folder) => filesBelow(join(projectFolder, folder)))
      .filter((path) => !/\.test\.tsx?$/.test(path)),
  ];
}
