/**
 * A participant for integration tests: real encoders, pictures that move and differ from frame to frame, a tone.
 */

import { VideoCodec, VideoEncoding } from '@livekit/rtc-ffi-bindings';
import {
  AudioFrame,
  AudioSource,
  LocalAudioTrack,
  LocalVideoTrack,
  Room,
  TrackPublishOptions,
  TrackSource,
  VideoBufferType,
  VideoFrame,
  VideoSource,
} from '@livekit/rtc-node';
import { AccessToken } from 'livekit-server-sdk';

export interface TestServer {
  url: string;
  apiKey: string;
  apiSecret: string;
}

const FRAMES_PER_SECOND = 30;
const SAMPLE_RATE = 48_000;

export type TestCodec = 'vp8' | 'h264' | 'vp9' | 'av1';
const codecs: Record<TestCodec, VideoCodec> = {
  vp8: VideoCodec.VP8,
  h264: VideoCodec.H264,
  vp9: VideoCodec.VP9,
  av1: VideoCodec.AV1,
};

/** A token as the control plane makes them: hidden, subscribe only. */
export function recorderToken(server: TestServer, room: string, identity = `recorder-${room}`): Promise<string> {
  const token = new AccessToken(server.apiKey, server.apiSecret, { identity, ttl: 600 });
  token.addGrant({ roomJoin: true, room, canPublish: false, canSubscribe: true, hidden: true, recorder: true });
  return token.toJwt();
}

export interface PublishedTrack {
  sid: string;
  /** Frames given to the encoder so far. */
  captured(): number;
  setMuted(muted: boolean): void;
  unpublish(): Promise<void>;
}

export class TestPublisher {
  readonly #room = new Room();
  readonly #stops = new Set<() => Promise<void>>();

  static async join(server: TestServer, room: string, identity: string): Promise<TestPublisher> {
    const token = new AccessToken(server.apiKey, server.apiSecret, { identity, ttl: 600 });
    token.addGrant({ roomJoin: true, room, canPublish: true, canSubscribe: false });
    const publisher = new TestPublisher();
    await publisher.#room.connect(server.url, await token.toJwt(), { autoSubscribe: false, dynacast: false });
    return publisher;
  }

  async publishVideo(options: {
    codec: TestCodec;
    width?: number;
    height?: number;
    simulcast?: boolean;
    source?: TrackSource;
  }): Promise<PublishedTrack> {
    const width = options.width ?? 640;
    const height = options.height ?? 360;
    const source = new VideoSource(width, height);
    const track = LocalVideoTrack.createVideoTrack('video', source);
    const published = await this.#publish(
      track,
      new TrackPublishOptions({
        source: options.source ?? TrackSource.SOURCE_CAMERA,
        videoCodec: codecs[options.codec],
        simulcast: options.simulcast ?? false,
        videoEncoding: new VideoEncoding({ maxBitrate: 1_500_000n, maxFramerate: FRAMES_PER_SECOND }),
      }),
    );
    const picture = new Uint8Array((width * height * 3) / 2);
    let count = 0;
    const timer = setInterval(() => {
      drawPicture(picture, width, height, count);
      source.captureFrame(new VideoFrame(picture, width, height, VideoBufferType.I420));
      count += 1;
    }, 1000 / FRAMES_PER_SECOND);
    return this.#published(
      published,
      track,
      () => count,
      async () => {
        clearInterval(timer);
        await source.close();
      },
    );
  }

  async publishAudio(options: { red?: boolean; dtx?: boolean; source?: TrackSource } = {}): Promise<PublishedTrack> {
    const source = new AudioSource(SAMPLE_RATE, 1);
    const track = LocalAudioTrack.createAudioTrack('audio', source);
    const published = await this.#publish(
      track,
      new TrackPublishOptions({
        source: options.source ?? TrackSource.SOURCE_MICROPHONE,
        red: options.red ?? true,
        dtx: options.dtx ?? false,
      }),
    );
    let running = true;
    let count = 0;
    const samples = SAMPLE_RATE / 50;
    const play = async () => {
      while (running) {
        const tone = new Int16Array(samples);
        for (let index = 0; index < samples; index += 1) {
          tone[index] = 8000 * Math.sin((2 * Math.PI * 440 * (count * samples + index)) / SAMPLE_RATE);
        }
        await source.captureFrame(new AudioFrame(tone, SAMPLE_RATE, 1, samples));
        count += 1;
      }
    };
    const playing = play().catch(() => undefined);
    return this.#published(
      published,
      track,
      () => count,
      async () => {
        running = false;
        await playing;
        await source.close();
      },
    );
  }

  async leave(): Promise<void> {
    for (const stop of this.#stops) await stop();
    await this.#room.disconnect();
  }

  async #publish(track: LocalVideoTrack | LocalAudioTrack, options: TrackPublishOptions): Promise<string> {
    const publication = await this.#room.localParticipant?.publishTrack(track, options);
    if (!publication?.sid) throw new Error('The publisher is not in the room.');
    return publication.sid;
  }

  #published(
    sid: string,
    track: LocalVideoTrack | LocalAudioTrack,
    captured: () => number,
    stopSource: () => Promise<void>,
  ): PublishedTrack {
    const stop = async () => {
      if (this.#stops.delete(stop)) await stopSource();
    };
    this.#stops.add(stop);
    return {
      sid,
      captured,
      setMuted: (muted) => {
        // The SDK has no method for it; the library below has.
        globalThis._ffiClientInstance?.request({
          message: { case: 'localTrackMute', value: { trackHandle: track.ffi_handle.handle, mute: muted } },
        });
      },
      unpublish: async () => {
        await this.#room.localParticipant?.unpublishTrack(sid);
        await stop();
      },
    };
  }
}

/** A gradient that moves, with noise: nothing an encoder can skip. */
function drawPicture(picture: Uint8Array, width: number, height: number, count: number): void {
  const pixels = width * height;
  let noise = count * 2_654_435_761;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if ((x & 15) === 0) noise = (noise * 1_103_515_245 + 12_345) >>> 0;
      picture[y * width + x] = (x + y + count * 4 + (noise >>> 28)) & 0xff;
    }
  }
  picture.fill(128 + ((count * 3) & 63), pixels, pixels * 1.25);
  picture.fill(96, pixels * 1.25);
}
