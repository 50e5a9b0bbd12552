/**
 * Which part may import which: the structure of docs/architecture.md, checked on the text of every import. Relative
 * imports only; packages are another matter.
 */
import { posix } from 'node:path';
import type { SourceFile } from './source-files.ts';

/** For each part, what it may import besides itself, as path prefixes. What is not listed here may import anything. */
const allowed: Record<string, readonly string[]> = {
  // What both sides of the report endpoint share; knows nobody.
  'recorder/contract/': [],
  'recorder/': ['recorder/', 'storage/'],
  'storage/': [],
  // States and contract types are part of what it keeps.
  'db/': ['recorder/contract/'],
  'app/': ['db/', 'storage/', 'recorder/contract/'],
  // A program that uses the HTTP API: it knows the contract and nothing of how it is kept.
  'cli/': ['app/_control/api.ts'],
};

/** Tests may also use what brings up real servers and publishers. */
const allowedInTests = ['infra/'];

const isTest = (path: string) => /\.(test|contract)\.tsx?$/.test(path) || path.includes('/testing/');

export interface Import {
  from: string;
  to: string;
  /** Gone at run time: does not make a cycle. */
  typeOnly: boolean;
}

/** Sentences, one for each import that the structure forbids. */
export function findForbiddenImports(files: readonly SourceFile[]): string[] {
  return files.flatMap(importsOf).flatMap(({ from, to }) => {
    const part = Object.keys(allowed).find((prefix) => from.startsWith(prefix));
    if (part === undefined || to.startsWith(part)) return [];
    const others = [...(allowed[part] ?? []), ...(isTest(from) ? allowedInTests : [])];
    if (others.some((prefix) => to.startsWith(prefix))) return [];
    const may = others.length > 0 ? `only ${others.join(', ')} and itself` : 'only itself';
    return [`${from} imports ${to}, but ${part} may import ${may}`];
  });
}

/** Each cycle once, as the list of its files, the first one repeated at the end. */
export function findImportCycles(files: readonly SourceFile[]): string[][] {
  const edges = new Map(
    files.map((file) => [file.path, importsOf(file).flatMap(({ to, typeOnly }) => (typeOnly ? [] : [to]))] as const),
  );
  const cycles: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];
  function visit(file: string): void {
    const at = path.indexOf(file);
    if (at >= 0) {
      cycles.push([...path.slice(at), file]);
      return;
    }
    if (done.has(file)) return;
    path.push(file);
    for (const next of edges.get(file) ?? []) visit(next);
    path.pop();
    done.add(file);
  }
  for (const file of edges.keys()) visit(file);
  return cycles;
}

export function importsOf({ path, text }: SourceFile): Import[] {
  // `import … from '…'`, `export … from '…'`, `import '…'` and `import('…')`, over several lines too.
  const pattern = /(?:^|[;{}\s])(?:(import|export)\s+(type\s)?[^'";]*?\sfrom\s*|import\s*\(?\s*)(['"])(\.[^'"]+)\3/g;
  return [...withoutComments(text).matchAll(pattern)].map((match) => ({
    from: path,
    to: posix.join(posix.dirname(path), match[4] ?? ''),
    typeOnly: match[2] !== undefined,
  }));
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}
