/**
 * How participants are usually recorded, for comparison: LiveKit's SDK decodes picture and sound, ffmpeg encodes them again
 * (libx264 veryfast, AAC) into an MP4. One participant, one process, one ffmpeg. Ends with a signal.
 *
 * LIVEKIT_URL and LIVEKIT_TOKEN say where; the argument is the file.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import {
  AudioStream,
  type RemoteTrack,
  Room,
  RoomEvent,
  TrackKind,
  VideoBufferType,
  VideoStream,
} from '@livekit/rtc-node';
import { findFfmpeg } from '../infra/publisher/clip/find-ffmpeg.ts';

const SAMPLE_RATE = 48_000;
const CHANNELS = 2;
const [, , file = 'usual-way.mp4'] = process.argv;
let ffmpeg: ChildProcess | undefined;

/** Sound is a second input: a pipe of its own. */
function startFfmpeg(width: number, height: number): ChildProcess {
  const picture = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`, '-r', '30', '-i', 'pipe:0'];
  const sound = ['-f', 's16le', '-ar', String(SAMPLE_RATE), '-ac', String(CHANNELS), '-i', 'pipe:3'];
  const out = ['-c:v', 'libx264', '-preset', 'veryfast', '-c:a', 'aac', '-f', 'mp4', file];
  const child = spawn(findFfmpeg(), ['-v', 'error', '-y', ...picture, ...sound, ...out], {
    stdio: ['pipe', 'inherit', 'inherit', 'pipe'],
  });
  for (const pipe of child.stdio) pipe?.on('error', () => undefined);
  return child;
}

async function write(pipe: Writable | null | undefined, bytes: Uint8Array): Promise<void> {
  if (!pipe || pipe.write(bytes)) return;
  await new Promise((resolve) => pipe.once('drain', resolve));
}

async function take(track: RemoteTrack): Promise<void> {
  if (track.kind === TrackKind.KIND_VIDEO) {
    for await (const { frame } of new VideoStream(track)) {
      const i420 = frame.type === VideoBufferType.I420 ? frame : frame.convert(VideoBufferType.I420);
      ffmpeg ??= startFfmpeg(i420.width, i420.height);
      await write(ffmpeg.stdin, i420.data);
    }
  } else {
    for await (const { data } of new AudioStream(track, SAMPLE_RATE, CHANNELS)) {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      // Until the first picture nobody reads it.
      if (ffmpeg) await write(ffmpeg.stdio[3] as Writable | null, bytes);
    }
  }
}

const room = new Room();
room.on(RoomEvent.TrackSubscribed, (track) => void take(track));
await room.connect(process.env.LIVEKIT_URL ?? '', process.env.LIVEKIT_TOKEN ?? '', {
  autoSubscribe: true,
  dynacast: false,
});
