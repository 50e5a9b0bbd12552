/**
 * Runs in a page of Chromium: publishes a numbered picture and a beeping sound with livekit-client, as a web application
 * does. Served and driven by chromium-publisher.ts.
 */
import {
  LocalAudioTrack,
  type LocalTrackPublication,
  LocalVideoTrack,
  Room,
  Track,
  type TrackPublishOptions,
  type VideoCodec,
} from 'livekit-client';
import { createDemoPicture } from '../../demo/demo-picture.ts';

export interface PagePlan {
  url: string;
  token: string;
  codec: VideoCodec;
  width: number;
  height: number;
  framesPerSecond: number;
  simulcast: boolean;
  /** VP9 and AV1 only. */
  scalabilityMode?: TrackPublishOptions['scalabilityMode'];
  red: boolean;
  dtx: boolean;
  audio: boolean;
  /** `display`: what getDisplayMedia captures of the page, with a sound of its own; else drawn frame by frame. */
  screen?: 'display';
}

export interface PageCounts {
  /** Given to the encoder: numbers 0 to this. */
  drawn: number;
  /** Of the largest layer, as WebRTC counts. */
  framesSent: number;
  encoder: string;
  scalabilityMode: string;
  width: number;
  height: number;
}

const FLASH_MS = 50;

class PagePublisher {
  readonly #room = new Room({ dynacast: false, adaptiveStream: false });
  #drawn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #video: LocalTrackPublication | undefined;

  async publish(plan: PagePlan): Promise<void> {
    await this.#room.connect(plan.url, plan.token, { autoSubscribe: false });
    const { localParticipant } = this.#room;
    if (plan.audio) {
      await localParticipant.publishTrack(new LocalAudioTrack(beeps()), {
        source: plan.screen ? Track.Source.ScreenShareAudio : Track.Source.Microphone,
        red: plan.red,
        dtx: plan.dtx,
      });
    }
    const track = plan.screen ? await this.#captureScreen(plan) : this.#drawPictures(plan);
    this.#video = await localParticipant.publishTrack(new LocalVideoTrack(track), {
      source: plan.screen ? Track.Source.ScreenShare : Track.Source.Camera,
      videoCodec: plan.codec,
      simulcast: plan.simulcast,
      backupCodec: false,
      scalabilityMode: plan.scalabilityMode,
      degradationPreference: 'maintain-resolution',
      videoEncoding: { maxBitrate: 1_500_000, maxFramerate: plan.framesPerSecond },
      screenShareEncoding: { maxBitrate: 1_500_000, maxFramerate: plan.framesPerSecond },
    });
  }

  async counts(): Promise<PageCounts> {
    const counts = { drawn: this.#drawn, framesSent: 0, encoder: '', scalabilityMode: '', width: 0, height: 0 };
    const stats = await this.#video?.track?.getRTCStatsReport();
    stats?.forEach((entry: Record<string, unknown>) => {
      if (entry.type !== 'outbound-rtp' || Number(entry.framesSent ?? 0) < counts.framesSent) return;
      counts.framesSent = Number(entry.framesSent ?? 0);
      counts.encoder = String(entry.encoderImplementation ?? '');
      counts.scalabilityMode = String(entry.scalabilityMode ?? '');
      counts.width = Number(entry.frameWidth ?? 0);
      counts.height = Number(entry.frameHeight ?? 0);
    });
    return counts;
  }

  /** No more pictures; what was drawn is sent still. */
  freeze(): void {
    clearTimeout(this.#timer);
  }

  async leave(): Promise<void> {
    this.freeze();
    await this.#room.disconnect();
  }

  /** Every picture once, with the time at which it is due. */
  #drawPictures({ width, height, framesPerSecond }: PagePlan): MediaStreamTrack {
    const generator = new MediaStreamTrackGenerator({ kind: 'video' });
    const writer = generator.writable.getWriter();
    const picture = createDemoPicture(width, height);
    const startMs = performance.now();
    const draw = () => {
      const timeMs = (this.#drawn * 1000) / framesPerSecond;
      picture.draw(this.#drawn, timeMs, timeMs % 1000 < FLASH_MS);
      const timestamp = Math.round((startMs + timeMs) * 1000);
      const frame = new VideoFrame(picture.data, { format: 'I420', codedWidth: width, codedHeight: height, timestamp });
      void writer.write(frame);
      this.#drawn += 1;
      const dueMs = startMs + (this.#drawn * 1000) / framesPerSecond;
      this.#timer = setTimeout(draw, Math.max(0, dueMs - performance.now()));
    };
    draw();
    return generator;
  }

  /** The numbered picture drawn on the page, captured by the browser. */
  async #captureScreen({ width, height, framesPerSecond }: PagePlan): Promise<MediaStreamTrack> {
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width, height });
    Object.assign(canvas.style, { position: 'fixed', inset: '0', width: '100vw', height: '100vh' });
    document.body.append(canvas);
    const context = canvas.getContext('2d');
    const picture = createDemoPicture(width, height);
    const draw = async () => {
      const timeMs = (this.#drawn * 1000) / framesPerSecond;
      picture.draw(this.#drawn, timeMs, timeMs % 1000 < FLASH_MS);
      const frame = new VideoFrame(picture.data, {
        format: 'I420',
        codedWidth: width,
        codedHeight: height,
        timestamp: 0,
      });
      context?.drawImage(frame, 0, 0);
      frame.close();
      this.#drawn += 1;
      this.#timer = setTimeout(draw, 1000 / framesPerSecond);
    };
    await draw();
    const options = { video: { frameRate: framesPerSecond }, preferCurrentTab: true };
    const stream = await navigator.mediaDevices.getDisplayMedia(options);
    const [track] = stream.getVideoTracks();
    if (!track) throw new Error('The browser captured no picture.');
    return track;
  }
}

/** 50 ms of 1 kHz at every full second, and silence between. */
function beeps(): MediaStreamTrack {
  const context = new AudioContext({ sampleRate: 48_000 });
  const oscillator = new OscillatorNode(context, { frequency: 1000 });
  const gain = new GainNode(context, { gain: 0 });
  const output = context.createMediaStreamDestination();
  oscillator.connect(gain).connect(output);
  oscillator.start();
  for (let second = 0; second < 600; second += 1) {
    gain.gain.setValueAtTime(0.5, second);
    gain.gain.setValueAtTime(0, second + FLASH_MS / 1000);
  }
  const [track] = output.stream.getAudioTracks();
  if (!track) throw new Error('The browser made no sound.');
  return track;
}

/** Of Chromium; not in the DOM's types. */
declare class MediaStreamTrackGenerator extends MediaStreamTrack {
  constructor(options: { kind: 'video' });
  readonly writable: WritableStream<VideoFrame>;
}

declare global {
  interface Window {
    publisher: PagePublisher;
  }
}
window.publisher = new PagePublisher();
