import { hardAudio, hardVideo } from '../../infra/publisher/clip/clip-plan.ts';
import { loadClip } from '../../infra/publisher/clip/load-clip.ts';
import type { PublishedTrack } from '../../infra/publisher/published-track.ts';
import type { ScriptedPublisher } from '../../infra/publisher/scripted-publisher.ts';

/** Encodes the first time, which takes a minute; afterwards it is there. */
export async function loadHardClips() {
  const [video, audio] = await Promise.all([loadClip(hardVideo('vp8')), loadClip(hardAudio())]);
  return { video, audio };
}

/** 720p30 in VP8 at 2.1 Mbps, hard to encode and encoded beforehand, and Opus. */
export async function publishHard(
  publisher: ScriptedPublisher,
): Promise<{ video: PublishedTrack; audio: PublishedTrack }> {
  const clips = await loadHardClips();
  const [video, audio] = await publisher.publish(
    { source: 'camera', clips: [clips.video] },
    { source: 'microphone', clips: [clips.audio] },
  );
  if (!video || !audio) throw new Error('Nothing was published.');
  return { video, audio };
}
