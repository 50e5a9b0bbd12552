import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findFfmpeg } from './find-ffmpeg.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'participant-recorder-ffmpeg-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, mode);
  return path;
}

test('FFMPEG_PATH and FFPROBE_PATH come before everything', () => {
  program('ffmpeg');
  expect(findFfmpeg({ FFMPEG_PATH: '/opt/ffmpeg', FFPROBE_PATH: '/opt/ffprobe', PATH: folder })).toEqual({
    ffmpeg: '/opt/ffmpeg',
    ffprobe: '/opt/ffprobe',
  });
});

test('ffprobe is looked for by itself, and may be missing', () => {
  expect(findFfmpeg({ FFMPEG_PATH: '/opt/ffmpeg', PATH: folder })?.ffprobe).toBeUndefined();
  const ffprobe = program('ffprobe');
  expect(findFfmpeg({ FFMPEG_PATH: '/opt/ffmpeg', PATH: `/nowhere:${folder}` })?.ffprobe).toBe(ffprobe);
});

test('a file that cannot be run is not taken for a program', () => {
  program('ffprobe', 0o644);
  expect(findFfmpeg({ FFMPEG_PATH: '/opt/ffmpeg', PATH: folder })?.ffprobe).toBeUndefined();
});
