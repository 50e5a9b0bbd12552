import { expect, test } from 'vitest';
import { judgeRule, rulesBefore } from './judge-rule.ts';

const all = { roomPattern: '*', identityPattern: '*', kinds: ['standard'], metadata: null, tracks: ['camera'] };
const rule = { ...all, enabled: true };
const ann = { identity: 'ann', kind: 'standard' as const, metadata: '', canPublish: true, tracks: [] };
const watcher = { ...ann, canPublish: false };
const camera = { sid: 't', source: 'camera', kind: 'video' as const, codec: 'vp8', muted: false, simulcast: false };

test.each([
  ['records who matches', rule, ann, null],
  ['names what does not match', { ...rule, roomPattern: 'other' }, ann, 'room'],
  ['does not record who may not publish', rule, watcher, 'cannot-publish'],
  ['records who publishes all the same', rule, { ...watcher, tracks: [camera] }, null],
  ['records nobody while it is off', { ...rule, enabled: false }, ann, 'off'],
  ['says first what does not match, then that it is off', { ...rule, enabled: false, kinds: ['sip'] }, ann, 'kind'],
])('%s', (_, judged, participant, because) => {
  expect(judgeRule(judged, [], 'room', participant)).toEqual({ because, earlier: null });
});

test('a rule that comes before it records instead', () => {
  const before = [
    { ...all, id: '1', identityPattern: 'bob' },
    { ...all, id: '2', identityPattern: 'a*' },
  ];
  expect(judgeRule(rule, before, 'room', ann)).toEqual({ because: 'earlier', earlier: before[1] });
  expect(judgeRule(rule, before, 'room', { ...ann, identity: 'cy' })).toEqual({ because: null, earlier: null });
});

test('before a rule come the enabled ones above it, before a new one all of them', () => {
  const rules = [
    { id: '1', enabled: true },
    { id: '2', enabled: false },
    { id: '3', enabled: true },
  ];
  const ids = (id: string | null) => rulesBefore(rules, id).map((one) => one.id);
  expect([ids('1'), ids('3'), ids(null), ids('gone')]).toEqual([[], ['1'], ['1', '3'], ['1', '3']]);
});
