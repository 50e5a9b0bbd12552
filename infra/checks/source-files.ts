import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { filesBelow, projectFolder } from '../dev/prepare.mjs';

export interface SourceFile {
  /** From the project folder, with slashes. */
  path: string;
  text: string;
}

const folders = ['app', 'recorder', 'storage', 'db', 'infra', 'bench', 'cli', 'e2e'];

/** Every TypeScript and JavaScript source of the project. */
export function sourceFiles(): SourceFile[] {
  return folders
    .flatMap((folder) => filesBelow(join(projectFolder, folder)))
    .filter((path) => /\.(ts|tsx|mjs)$/.test(path))
    .map((path) => ({ path: relative(projectFolder, path), text: readFileSync(path, 'utf8') }));
}
