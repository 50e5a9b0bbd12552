/**
 * A subscriber of LiveKit's own SDK that decodes what a participant publishes and reads the numbers in its pictures: for
 * tests of publishers.
 */
import {
  AudioStream,
  type RemoteTrack,
  Room,
  RoomEvent,
  TrackKind,
  VideoBufferType,
  VideoStream,
} from '@livekit/rtc-node';
import { readFrameNumber } from '../demo/frame-number.ts';

export interface WatchedPicture {
  /** Undefined: no number can be read in it. */
  number: number | undefined;
  width: number;
  height: number;
}

export class WatchingSubscriber {
  readonly pictures: WatchedPicture[] = [];
  /** Highest sample of each 10 ms of sound. */
  readonly soundPeaks: number[] = [];
  readonly #room = new Room();

  static async join(url: string, token: string): Promise<WatchingSubscriber> {
    const subscriber = new WatchingSubscriber();
    subscriber.#room.on(RoomEvent.TrackSubscribed, (track) => void subscriber.#watch(track));
    await subscriber.#room.connect(url, token, { autoSubscribe: true, dynacast: false });
    return subscriber;
  }

  /** Resolves when the condition holds after a picture or a sound. */
  async until(condition: () => boolean, withinMs: number): Promise<void> {
    const until = performance.now() + withinMs;
    while (!condition()) {
      if (performance.now() > until) {
        const numbers = this.pictures.map(({ number }) => number ?? '?').join(' ');
        throw new Error(`Not seen within ${withinMs} ms. Pictures: ${numbers}; ${this.soundPeaks.length} sounds.`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async leave(): Promise<void> {
    await this.#room.disconnect();
  }

  async #watch(track: RemoteTrack): Promise<void> {
    if (track.kind === TrackKind.KIND_VIDEO) {
      for await (const { frame } of new VideoStream(track)) {
        const i420 = frame.type === VideoBufferType.I420 ? frame : frame.convert(VideoBufferType.I420);
        const { width, height, data } = i420;
        this.pictures.push({ number: readFrameNumber(data, width, height), width, height });
      }
    } else {
      for await (const frame of new AudioStream(track, 48_000, 1)) {
        for (let from = 0; from < frame.data.length; from += 480) {
          this.soundPeaks.push(frame.data.subarray(from, from + 480).reduce((peak, value) => Math.max(peak, value), 0));
        }
      }
    }
  }
}
