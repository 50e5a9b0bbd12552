import {
  DisconnectReason,
  Encryption_Type,
  ParticipantInfo,
  ParticipantInfo_State,
  ParticipantUpdate,
  TrackInfo,
  TrackSource,
} from '@livekit/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TargetTracks } from './target-tracks.ts';

function target() {
  const told: string[] = [];
  const tracks = new TargetTracks('alice', ['camera', 'microphone'], {
    present: () => told.push('present'),
    gone: () => told.push('gone'),
    published: ({ sid, source, kind, encrypted }) =>
      told.push(`published ${sid} ${source} ${kind}${encrypted ? ' encrypted' : ''}`),
    muted: ({ sid, muted }) => told.push(`${muted ? 'muted' : 'unmuted'} ${sid}`),
    unpublished: (sid) => told.push(`unpublished ${sid}`),
  });
  return { tracks, told };
}

const camera = { sid: 'TR_c', source: TrackSource.CAMERA };
const microphone = { sid: 'TR_m', source: TrackSource.MICROPHONE };

function info(
  state: Partial<ConstructorParameters<typeof ParticipantInfo>[0] & object> = {},
  tracks: ConstructorParameters<typeof TrackInfo>[0][] = [],
): ParticipantInfo {
  return new ParticipantInfo({
    sid: 'PA_1',
    identity: 'alice',
    state: ParticipantInfo_State.ACTIVE,
    joinedAtMs: 1000n,
    ...state,
    tracks: tracks.map((track) => new TrackInfo(track)),
  });
}

const disconnected = { state: ParticipantInfo_State.DISCONNECTED };

test('wanted tracks are told as they come, are muted and go', () => {
  const { tracks, told } = target();
  tracks.handleUpdate([info({ version: 1 })]);
  tracks.handleUpdate([info({ version: 2 }, [camera, { sid: 'TR_s', source: TrackSource.SCREEN_SHARE }])]);
  tracks.handleUpdate([info({ version: 3 }, [{ ...camera, muted: true }, microphone])]);
  tracks.handleUpdate([info({ version: 4 }, [microphone])]);
  tracks.handleUpdate([info({ version: 5, ...disconnected })]);
  expect(told).toEqual([
    'present',
    'published TR_c camera video',
    'muted TR_c',
    'published TR_m microphone audio',
    'unpublished TR_c',
    'unpublished TR_m',
    'gone',
  ]);
});

test('others and old news are ignored, the same news twice is told once', () => {
  const { tracks, told } = target();
  tracks.handleUpdate([info({ identity: 'bob' }, [camera])]);
  tracks.handleUpdate([info({ version: 2 }, [camera])]);
  tracks.handleUpdate([info({ version: 2 }, [camera])]);
  tracks.handleUpdate([info({ version: 1 })]);
  expect(told).toEqual(['present', 'published TR_c camera video']);
});

test('a participant who comes back under the same name is another stay, whatever is first', () => {
  const { tracks, told } = target();
  tracks.handleUpdate([info({}, [camera])]);
  tracks.handleUpdate([info({ sid: 'PA_2', joinedAtMs: 2000n }, [{ ...camera, sid: 'TR_2' }])]);
  tracks.handleUpdate([info({ ...disconnected, version: 9 })]);
  expect(told).toEqual([
    'present',
    'published TR_c camera video',
    'unpublished TR_c',
    'gone',
    'present',
    'published TR_2 camera video',
  ]);
});

test('after a reconnect of ours only the difference is told', () => {
  const { tracks, told } = target();
  tracks.handleRoom([info({ version: 7 }, [camera])]);
  tracks.handleRoom([info({ version: 1 }, [camera, microphone])]);
  tracks.handleRoom([]);
  expect(told).toEqual([
    'present',
    'published TR_c camera video',
    'published TR_m microphone audio',
    'unpublished TR_c',
    'unpublished TR_m',
    'gone',
  ]);
});

test('a participant who moves to another node of the server is not gone', () => {
  const { tracks, told } = target();
  tracks.handleUpdate([info()]);
  tracks.handleUpdate([info({ ...disconnected, version: 2, disconnectReason: DisconnectReason.MIGRATION })]);
  expect(told).toEqual(['present']);
});

test('encryption is told', () => {
  const { tracks, told } = target();
  tracks.handleUpdate([info({}, [{ ...camera, encryption: Encryption_Type.GCM }])]);
  expect(told[1]).toBe('published TR_c camera video encrypted');
});

test('of updates damaged on their way nothing is thrown, and what is told still makes a story', () => {
  const update = (version: number, tracks: ConstructorParameters<typeof TrackInfo>[0][]) =>
    new ParticipantUpdate({ participants: [info({ version }, tracks)] }).toBinary();
  const updates = [update(1, []), update(2, [camera]), update(3, [camera, microphone]), update(4, [microphone])];
  const damage = fc.record({ update: fc.nat(3), at: fc.nat(80), value: fc.nat(255), end: fc.nat(120) });
  fc.assert(
    fc.property(fc.array(damage, { maxLength: 30 }), (damages) => {
      const { tracks, told } = target();
      for (const { update: index, at, value, end } of damages) {
        const bytes = Uint8Array.from(updates[index] ?? []).subarray(0, end);
        if (at < bytes.length) bytes[at] = value;
        let participants: ParticipantInfo[] = [];
        try {
          participants = ParticipantUpdate.fromBinary(bytes).participants;
        } catch {
          continue;
        }
        tracks.handleUpdate(participants);
      }
      tracks.leave();
      const count = (word: string) => told.filter((each) => each.split(' ')[0] === word).length;
      expect(count('present')).toBe(count('gone'));
      expect(count('published')).toBe(count('unpublished'));
    }),
  );
});
