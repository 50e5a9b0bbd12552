import { expect, test } from 'vitest';
import { findForbiddenImports, findImportCycles, importsOf } from './import-boundaries.ts';
import { sourceFiles } from './source-files.ts';

const file = (path: string, text: string) => ({ path, text });

test('no part imports another that the structure keeps from it', () => {
  const files = sourceFiles();
  // Enough to know that the sources were found and their imports read.
  expect(files.flatMap(importsOf).length).toBeGreaterThan(50);
  expect(findForbiddenImports(files)).toEqual([]);
});

test('no file imports itself, directly or round about', () => {
  expect(findImportCycles(sourceFiles())).toEqual([]);
});

test.each([
  ['recorder/main.ts', "import { start } from '../app/_control/start.ts';"],
  ['recorder/main.ts', "import type { Row } from '../db/schema.ts';"],
  ['recorder/pipeline.ts', "const { db } = await import('../db/client.ts');"],
  ['recorder/pipeline.ts', "import '../infra/dev/environment.ts';"],
  ['recorder/contract/report.ts', "import { StorageError } from '../../storage/object-store.ts';"],
  ['app/page.tsx', "export { Pipeline } from '../recorder/pipeline.ts';"],
  ['app/page.tsx', "import {\n  one,\n  two,\n} from '../recorder/pipeline.ts';"],
  ['storage/s3-store.ts', "import { codecs } from '../recorder/contract/media.ts';"],
  ['db/client.ts', "import { x } from '../app/_control/api.ts';"],
  ['cli/main.ts', "import { startRecording } from '../app/_control/start-recording.ts';"],
])('%s may not say %s', (path, text) => {
  expect(findForbiddenImports([file(path, text)])).toEqual([expect.stringContaining(path)]);
});

test.each([
  ['app/page.tsx', "import { codecSchema } from '../recorder/contract/media.ts';"],
  ['recorder/main.ts', "import { openStore } from '../storage/open-store.ts';"],
  ['cli/main.ts', "import type { Recording } from '../app/_control/api.ts';"],
  ['recorder/main.integration.test.ts', "import { publishDemo } from '../infra/demo/publish-demo.ts';"],
  ['db/schema.ts', "// import { x } from '../app/page.tsx';"],
  ['infra/dev/start-all.ts', "import { migrate } from '../../db/migrate.ts';"],
])('%s may say %s', (path, text) => {
  expect(findForbiddenImports([file(path, text)])).toEqual([]);
});

test('a cycle is found, and one of types alone is none', () => {
  const cycle = [
    file('storage/a.ts', "import { b } from './b.ts';"),
    file('storage/b.ts', "import { c } from './c.ts';"),
    file('storage/c.ts', "import { a } from './a.ts';"),
  ];
  expect(findImportCycles(cycle)).toEqual([['storage/a.ts', 'storage/b.ts', 'storage/c.ts', 'storage/a.ts']]);
  cycle[2] = file('storage/c.ts', "import type { a } from './a.ts';");
  expect(findImportCycles(cycle)).toEqual([]);
});
