/** A participant of a real browser: a painted camera, a tone, and a painted screen, published by livekit-client. */
import { readFileSync } from 'node:fs';
import type * as LiveKit from 'livekit-client';
import type { Page } from 'playwright/test';

const client = new URL('../node_modules/livekit-client/dist/livekit-client.umd.js', import.meta.url);

export interface PagePublisher {
  /** Its microphone. */
  mute(isMuted: boolean): Promise<void>;
}

export async function publishFromPage(page: Page, place: { url: string; token: string }): Promise<PagePublisher> {
  // Not as a script element: the page's content security policy would refuse it.
  await page.evaluate(readFileSync(client, 'utf8'));
  await page.evaluate(async ({ url, token }) => {
    const { Room, Track } = window.LivekitClient;
    const room = new Room();
    await room.connect(url, token);
    const paint = (width: number, height: number, hue: number) => {
      const canvas = Object.assign(document.createElement('canvas'), { width, height });
      const context = canvas.getContext('2d');
      setInterval(() => {
        if (!context) return;
        const tick = Math.floor(performance.now() / 100);
        context.fillStyle = `hsl(${hue + (tick % 10) * 9} 70% 45%)`;
        context.fillRect(0, 0, width, height);
        context.fillStyle = '#fff';
        context.font = `${height / 4}px sans-serif`;
        context.fillText(String(tick % 1000), width / 8, height / 2);
      }, 50);
      const [track] = canvas.captureStream(20).getVideoTracks();
      if (!track) throw new Error('A canvas without a track');
      return track;
    };
    const sound = new AudioContext();
    const tone = sound.createOscillator();
    const output = sound.createMediaStreamDestination();
    tone.connect(output);
    tone.start();
    const [voice] = output.stream.getAudioTracks();
    if (!voice) throw new Error('A tone without a track');
    const me = room.localParticipant;
    const plain = { simulcast: false } as const;
    await me.publishTrack(paint(640, 360, 200), { source: Track.Source.Camera, ...plain });
    await me.publishTrack(paint(640, 400, 20), { source: Track.Source.ScreenShare, ...plain });
    const microphone = await me.publishTrack(voice, { source: Track.Source.Microphone });
    window.muteMicrophone = async (isMuted) => {
      await (isMuted ? microphone.mute() : microphone.unmute());
    };
  }, place);
  return { mute: (isMuted) => page.evaluate((value) => window.muteMicrophone(value), isMuted) };
}

declare global {
  interface Window {
    LivekitClient: typeof LiveKit;
    muteMicrophone(isMuted: boolean): Promise<void>;
  }
}
