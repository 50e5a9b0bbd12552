import { expect, test } from 'vitest';
import { sourceFiles } from './source-files.ts';

const app = sourceFiles().filter(({ path }) => path.startsWith('app/'));
const pages = app.filter(({ path }) => path.endsWith('/page.tsx'));
/** For who is signed in nowhere, or has the token of a share. */
const open = [/^app\/sign-in\//, /^app\/s\/\[token\]\//];

test('there are pages to look at', () => {
  expect(pages.length).toBeGreaterThan(8);
});

test.each(pages.filter(({ path }) => !open.some((pattern) => pattern.test(path))))(
  '$path asks first who looks at it, since layout and proxy protect nothing',
  ({ text }) => {
    const body = text.slice(text.indexOf('export default async function'));
    expect(body).toMatch(/^export[^\n]* \{\n\s*(const [^\n=]+ = )?await require(Session|Role)\(/);
  },
);

test('there are no server actions, which would have to authorise, too', () => {
  expect(app.filter(({ text }) => /^\s*['"]use server['"]/m.test(text)).map(({ path }) => path)).toEqual([]);
});
