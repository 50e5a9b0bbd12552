import { createLocalTracks, LocalAudioTrack, type LocalTrack, LocalVideoTrack, Track } from 'livekit-client';
import { startTestPicture } from './test-picture.ts';

export interface LocalMedia {
  tracks: LocalTrack[];
  /** True when it is the drawn picture and the tone: no camera, or not allowed. */
  synthetic: boolean;
  stop(): void;
}

/** Camera and microphone, or, where there is none or it was refused, a drawn picture with a tone. */
export async function openLocalMedia(): Promise<LocalMedia> {
  try {
    const tracks = await createLocalTracks({
      audio: true,
      video: { resolution: { width: 1280, height: 720, frameRate: 30 } },
    });
    return { tracks, synthetic: false, stop: () => stopAll(tracks) };
  } catch {
    return openSyntheticMedia();
  }
}

function openSyntheticMedia(): LocalMedia {
  const picture = startTestPicture();
  const tone = startTone();
  const video = new LocalVideoTrack(picture.track, undefined, true);
  const audio = new LocalAudioTrack(tone.track, undefined, true);
  video.source = Track.Source.Camera;
  audio.source = Track.Source.Microphone;
  return {
    tracks: [video, audio],
    synthetic: true,
    stop: () => {
      stopAll([video, audio]);
      picture.stop();
      tone.stop();
    },
  };
}

function stopAll(tracks: readonly LocalTrack[]): void {
  for (const track of tracks) track.stop();
}

/** A quiet tone that swells once a second, so that one hears that time passes. */
function startTone(): { track: MediaStreamTrack; stop(): void } {
  const context = new AudioContext();
  const oscillator = new OscillatorNode(context, { frequency: 330 });
  const loudness = new GainNode(context, { gain: 0.06 });
  const swell = new OscillatorNode(context, { frequency: 1 });
  const depth = new GainNode(context, { gain: 0.05 });
  const out = context.createMediaStreamDestination();
  oscillator.connect(loudness).connect(out);
  swell.connect(depth).connect(loudness.gain);
  oscillator.start();
  swell.start();
  // Without a gesture the context is suspended; joining is one.
  void context.resume();
  const [track] = out.stream.getAudioTracks();
  if (track === undefined) throw new Error('The browser made no audio track');
  return { track, stop: () => void context.close() };
}
