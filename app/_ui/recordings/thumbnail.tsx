import { AudioLines, MonitorUp, Video, VideoOff } from 'lucide-react';
import { formatDuration } from '../text/format.ts';
import type { ListedRecording } from './listed-recording.ts';

interface ThumbnailProps {
  recording: ListedRecording;
  durationMs: number;
}

/** The poster, or what kind of recording it is. What it shows is said by the row beside it. */
export function Thumbnail({ recording, durationMs }: ThumbnailProps) {
  const { posterUrl } = recording;
  return (
    <div className="relative aspect-video w-24 overflow-hidden rounded-md border border-line bg-sunken">
      {posterUrl === null ? (
        <Placeholder recording={recording} />
      ) : (
        // biome-ignore lint/performance/noImgElement: the picture is made in its size already, and asks for a session.
        <img
          src={posterUrl}
          alt=""
          width={96}
          height={54}
          loading="lazy"
          decoding="async"
          className="size-full object-cover"
        />
      )}
      {durationMs > 0 && (
        <span
          aria-hidden
          className="figures absolute right-1 bottom-1 rounded-sm bg-black/75 px-1 text-[0.6875rem] leading-4 font-medium text-white lg:hidden"
        >
          {formatDuration(durationMs)}
        </span>
      )}
    </div>
  );
}

function Placeholder({ recording: { tracks, status } }: { recording: ListedRecording }) {
  const sources = new Set(tracks.map(({ source }) => source));
  const Icon = sources.has('camera')
    ? Video
    : sources.has('screen_share')
      ? MonitorUp
      : tracks.length > 0
        ? AudioLines
        : status === 'absent' || status === 'failed'
          ? VideoOff
          : Video;
  return (
    <div className="grid size-full place-items-center pb-3 text-ink-faint lg:pb-0">
      <Icon aria-hidden strokeWidth={1.5} className="size-5" />
    </div>
  );
}
