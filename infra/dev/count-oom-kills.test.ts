import { expect, test } from 'vitest';
import { countOomKills } from './count-oom-kills.ts';

const reading = (files: Record<string, string>) => (path: string) => files[path];

test.each([
  ['one hierarchy', '0::/user.slice/run', '/sys/fs/cgroup/user.slice/run/memory.events', 'oom 4\noom_kill 3\n'],
  [
    'a hierarchy of its own',
    '5:cpu,cpuacct:/a\n4:memory:/a/b\n0::/',
    '/sys/fs/cgroup/memory/a/b/memory.oom_control',
    'oom_kill_disable 0\nunder_oom 0\noom_kill 3\n',
  ],
])('kills are read where memory has %s', (_, groups, file, content) => {
  expect(countOomKills(reading({ '/proc/self/cgroup': groups, [file]: content }))).toBe(3);
});

test('where nobody counts there is no count', () => {
  expect(countOomKills(reading({}))).toBeUndefined();
  expect(countOomKills(reading({ '/proc/self/cgroup': '0::/' }))).toBeUndefined();
});
