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
