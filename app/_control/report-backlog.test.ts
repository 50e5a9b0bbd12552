import { expect, test } from 'vitest';
import { ReportBacklog } from './report-backlog.ts';

test('tells how long the oldest report has waited to be written', () => {
  const backlog = new ReportBacklog();
  expect(backlog.oldestMs(1000)).toBe(0);
  const first = backlog.begin(1000);
  const second = backlog.begin(3000);
  expect(backlog.oldestMs(5000)).toBe(4000);
  first();
  first();
  expect(backlog.oldestMs(5000)).toBe(2000);
  second();
  expect(backlog.oldestMs(5000)).toBe(0);
});
