import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exitCodes } from '../contract/exit-codes.ts';
import type { FinishedMedia } from '../contract/media.ts';
import type { Outcome } from '../contract/report.ts';
import { ScriptedRecording } from '../report/testing/scripted-recording.ts';
import { Segmenter } from '../segment/segmenter.ts';
import type { RecordingPlace, RecordingStarter } from '../start-recording.ts';
import { record } from './record.ts';

let folder: string;
let stdout: string;
let stderr: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'record-test-'));
  stdout = '';
  stderr = '';
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const jwtFor = (room: string) => `x.${Buffer.from(JSON.stringify({ video: { room } })).toString('base64url')}.x`;
const argsFor = (out: string, ...more: string[]) => [
  ...[
    '--url',
    'ws://127.0.0.1:1',
    '--token',
    jwtFor('R'),
    '--room',
    'R',
    '--identity',
    'I',
    '--out',
    join(folder, out),
  ],
  ...more,
];
const terminal = {
  stdout: { write: (text: string) => (stdout += text) },
  stderr: { write: (text: string) => (stderr += text) },
};

/** A recording that runs as it says, with its own store at hand. */
function starterThat(act: (recording: ScriptedRecording, place: RecordingPlace) => Promise<Outcome>): {
  starterOf: RecordingStarter;
  made: ScriptedRecording[];
} {
  const made: ScriptedRecording[] = [];
  const starterOf: RecordingStarter = (place) => (task, onChange) => {
    const recording = new ScriptedRecording(task);
    recording.onChange = onChange;
    recording.run = async () => {
      const outcome = await act(recording, place);
      recording.change({ state: 'ended', outcome });
      return outcome;
    };
    made.push(recording);
    return recording;
  };
  return { starterOf, made };
}

async function storeMedia(
  { task }: ScriptedRecording,
  { store }: RecordingPlace,
  medium: FinishedMedia['medium'],
  container: 'webm' | 'mp4',
): Promise<FinishedMedia> {
  const key = `${task.objectPrefix}${medium}.${container}`;
  const contentType = `video/${container}`;
  await store.put(key, Buffer.from(`${medium} in ${container}`), { contentType });
  return { medium, key, contentType, sizeBytes: 10, sha256: '0'.repeat(64), durationMs: 1500 };
}

function finishing(...media: [FinishedMedia['medium'], 'webm' | 'mp4'][]) {
  return starterThat(async (recording, place) => ({
    kind: 'finished',
    stopReason: 'participant-left',
    media: await Promise.all(media.map(([medium, container]) => storeMedia(recording, place, medium, container))),
  }));
}

describe('a finished recording', () => {
  test('is in the file asked for, and nothing else stays', async () => {
    const code = await record(argsFor('talk.webm'), {}, finishing(['camera', 'webm']).starterOf, terminal);
    expect(code).toBe(exitCodes.finished);
    expect(await readdir(folder)).toEqual(['talk.webm']);
    expect(await readFile(join(folder, 'talk.webm'), 'utf8')).toBe('camera in webm');
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'finished',
      stopReason: 'participant-left',
      room: 'R',
      identity: 'I',
      files: [{ path: join(folder, 'talk.webm'), medium: 'camera', durationMs: 1500 }],
    });
    expect(stderr).toContain('talk.webm: 1.5 s');
  });

  test.each([
    ['talk.webm', 'webm', 'talk.webm'],
    ['talk.mkv', 'webm', 'talk.mkv'],
    ['talk.mp4', 'mp4', 'talk.mp4'],
    ['TALK.MP4', 'mp4', 'TALK.MP4'],
    ['talk.mp4', 'webm', 'talk.webm'],
    ['talk.webm', 'mp4', 'talk.mp4'],
    ['talk.mkv', 'mp4', 'talk.mp4'],
  ] as const)('asked for as %s and recorded as %s is %s', async (asked, container, placed) => {
    await record(argsFor(asked), {}, finishing(['camera', container]).starterOf, terminal);
    expect(await readdir(folder)).toEqual([placed]);
    expect(stderr.includes('does not fit')).toBe(asked !== placed);
  });

  test('with a screen share is two files', async () => {
    await record(argsFor('talk.mp4'), {}, finishing(['camera', 'mp4'], ['screen', 'webm']).starterOf, terminal);
    expect((await readdir(folder)).sort()).toEqual(['talk.mp4', 'talk.screen.webm']);
  });

  test('does not replace what appeared under its name meanwhile', async () => {
    const { starterOf } = starterThat(async (recording, place) => {
      await writeFile(join(folder, 'talk.webm'), 'somebody else');
      return {
        kind: 'finished',
        stopReason: 'requested',
        media: [await storeMedia(recording, place, 'camera', 'webm')],
      };
    });
    await record(argsFor('talk.webm'), {}, starterOf, terminal);
    expect(await readFile(join(folder, 'talk.webm'), 'utf8')).toBe('somebody else');
    expect(await readFile(join(folder, 'talk-2.webm'), 'utf8')).toBe('camera in webm');
  });

  test('replaces what is there with --force, and only what was named', async () => {
    await writeFile(join(folder, 'talk.mp4'), 'old');
    await writeFile(join(folder, 'talk.webm'), 'not named');
    await record(argsFor('talk.mp4', '--force'), {}, finishing(['camera', 'mp4']).starterOf, terminal);
    expect(await readFile(join(folder, 'talk.mp4'), 'utf8')).toBe('camera in mp4');
    await record(argsFor('talk.mp4', '--force'), {}, finishing(['camera', 'webm']).starterOf, terminal);
    expect(await readFile(join(folder, 'talk.webm'), 'utf8')).toBe('not named');
    expect(await readFile(join(folder, 'talk-2.webm'), 'utf8')).toBe('camera in webm');
  });
});

describe('a recording that fails', () => {
  test('because nobody came leaves nothing, says so and exits with "absent"', async () => {
    const { starterOf } = starterThat(async () => ({
      kind: 'absent',
      message: 'The participant never came.',
    }));
    expect(await record(argsFor('talk.webm'), {}, starterOf, terminal)).toBe(exitCodes.absent);
    expect(await readdir(folder)).toEqual([]);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(
      'There is nothing to record of "I" in "R": The participant never came.',
    );
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'absent', files: [] });
  });

  test.each([
    ['livekit', exitCodes.livekit],
    ['destination', exitCodes.destination],
    ['system', exitCodes.system],
    ['publisher', exitCodes.absent],
  ] as const)('by the fault of %s exits with %i', async (fault, code) => {
    const { starterOf } = starterThat(async () => ({
      kind: 'failed',
      reason: 'x.y',
      message: 'It did not work.',
      fault,
      retryable: false,
    }));
    expect(await record(argsFor('talk.webm'), {}, starterOf, terminal)).toBe(code);
    expect(await readdir(folder)).toEqual([]);
  });

  test('after something was captured keeps it and says where', async () => {
    const { starterOf } = starterThat(async (recording) => {
      recording.change({ stats: { ...recording.snapshot().stats, sizeBytes: 1000 } });
      throw new Error('defect');
    });
    expect(await record(argsFor('talk.webm'), {}, starterOf, terminal)).toBe(exitCodes.system);
    const [kept] = await readdir(folder);
    expect(stderr).toContain(`is kept in ${join(folder, kept ?? '?')}`);
    expect(stderr).toContain('defect');
  });

  test('that has stored something leaves that in the file, and still says that it failed', async () => {
    const { starterOf } = starterThat(async (recording, { store }) => {
      const segmenter = new Segmenter({
        medium: 'camera',
        segmentMs: 500,
        onSegment: ({ bytes, ...rest }) => {
          const key = `${recording.task.objectPrefix}${rest.sequence}.webm`;
          const segment = { ...rest, key, sizeBytes: bytes.length, sha256: '0'.repeat(64) };
          storing.push(store.put(key, Buffer.from(bytes), { contentType: 'audio/webm' }));
          recording.change({ segments: [...recording.snapshot().segments, segment] });
        },
      });
      const storing: Promise<void>[] = [];
      for (let index = 0; index < 50; index++) {
        const times = { presentationMicros: index * 20_000, receivedAtMicros: index * 20_000, rtpTimestamp: 0 };
        const data = Uint8Array.of(0xf8, 0xff, 0xfe);
        segmenter.add({ trackSid: 'a', codec: 'opus', data, isKeyframe: true, afterLoss: false, ...times });
      }
      segmenter.close();
      await Promise.all(storing);
      recording.change({ stats: { ...recording.snapshot().stats, sizeBytes: 150 } });
      return {
        kind: 'failed',
        reason: 'livekit.unreachable',
        message: 'It is gone.',
        fault: 'livekit',
        retryable: true,
      };
    });
    expect(await record(argsFor('talk.webm'), {}, starterOf, terminal)).toBe(exitCodes.livekit);
    expect(await readdir(folder)).toEqual(['talk.webm']);
    expect(stderr).toContain('It is gone.');
    expect(stderr).toContain('talk.webm: 1.0 s');
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'failed', files: [{ durationMs: 1000 }] });
  });
});

describe('the task', () => {
  test('is made from the arguments', async () => {
    const { starterOf, made } = finishing(['camera', 'webm']);
    await record(argsFor('a.webm', '--seconds', '2.5', '--wait-seconds', '7'), {}, starterOf, terminal);
    expect(made[0]?.task).toMatchObject({
      room: 'R',
      identity: 'I',
      livekit: { url: 'ws://127.0.0.1:1', token: jwtFor('R') },
      maxDurationMs: 2500,
      absentAfterMs: 7000,
    });
  });

  test('takes address and token from the environment, and http for ws', async () => {
    const { starterOf, made } = finishing(['camera', 'webm']);
    const env = { LIVEKIT_URL: 'https://live.example.com', LIVEKIT_TOKEN: jwtFor('R') };
    await record(['--room', 'R', '--identity', 'I', '--out', join(folder, 'a.webm')], env, starterOf, terminal);
    expect(made[0]?.task).toMatchObject({ livekit: { url: 'wss://live.example.com', token: jwtFor('R') } });
  });
});

describe('refused before anything is recorded', () => {
  test.each([
    ['an unknown option', () => argsFor('a.webm', '--colour'), /--colour/],
    ['no room', () => argsFor('a.webm').filter((arg) => arg !== '--room' && arg !== 'R'), /--room is missing/],
    ['another extension', () => argsFor('a.avi'), /does not end in .webm, .mp4, .mkv/],
    ['no name before the extension', () => argsFor('.webm'), /does not end in/],
    ['a folder that is not there', () => argsFor('none/a.webm'), /does not exist: make it first/],
    ['an address that is none', () => [...argsFor('a.webm'), '--url', 'livekit'], /not an address such as/],
    ['seconds that are none', () => argsFor('a.webm', '--seconds', '-1'), /--seconds/],
    ['0 seconds', () => argsFor('a.webm', '--seconds', '0'), /--seconds "0" is not a number of seconds above 0/],
    ['a token that is none', () => argsFor('a.webm', '--token', 'secret'), /not a JSON Web Token/],
    [
      'a token for another room',
      () => argsFor('a.webm', '--token', jwtFor('other')),
      /is for the room "other", not for "R"/,
    ],
  ])('%s', async (_, args, sentence) => {
    const { starterOf, made } = finishing(['camera', 'webm']);
    await expect(record(args(), {}, starterOf, terminal)).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringMatching(sentence),
    });
    expect(made).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  test('a file that is there already', async () => {
    await writeFile(join(folder, 'a.webm'), 'precious');
    const { starterOf } = finishing(['camera', 'webm']);
    await expect(record(argsFor('a.webm'), {}, starterOf, terminal)).rejects.toThrow(/--force/);
    expect(existsSync(join(folder, 'a.webm'))).toBe(true);
    expect(await readdir(folder)).toEqual(['a.webm']);
  });
});
