import { Mic, MicOff, MonitorOff, MonitorUp, Video, VideoOff, Volume2, VolumeX } from 'lucide-react';

const icons = {
  camera: { on: Video, off: VideoOff },
  microphone: { on: Mic, off: MicOff },
  screen_share: { on: MonitorUp, off: MonitorOff },
  screen_share_audio: { on: Volume2, off: VolumeX },
} as const;

export const sourceNames: Record<string, string> = {
  camera: 'Camera',
  microphone: 'Microphone',
  screen_share: 'Screen',
  screen_share_audio: 'Screen audio',
};

const sourceOrder = Object.keys(sourceNames);

/** Always camera, microphone, screen, screen audio: tracks come in the order of their publication. */
export function inSourceOrder<Track extends { source: string }>(tracks: readonly Track[]): Track[] {
  return [...tracks].sort((one, other) => sourceOrder.indexOf(one.source) - sourceOrder.indexOf(other.source));
}

interface TrackIconProps {
  source: string;
  kind: 'video' | 'audio';
  muted?: boolean;
}

export function TrackIcon({ source, kind, muted = false }: TrackIconProps) {
  const { on, off } = icons[source as keyof typeof icons] ?? icons[kind === 'video' ? 'camera' : 'microphone'];
  const Icon = muted ? off : on;
  return <Icon aria-hidden className="size-3.5 shrink-0" />;
}
