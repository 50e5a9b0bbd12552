import { Download } from 'lucide-react';
import { ButtonAnchor } from '../controls/button.tsx';
import { Player, type PlayerSource } from '../player/player.tsx';
import { Logo } from '../shell/logo.tsx';
import { AnyText } from '../text/any-text.tsx';
import { formatDuration } from '../text/format.ts';
import { LocalTime } from '../text/local-time.tsx';

export interface SharedMedium extends PlayerSource {
  medium: 'camera' | 'screen';
  downloadName: string;
}

interface SharedRecordingProps {
  title: string;
  room: string;
  recordedAt: string;
  durationMs: number;
  media: readonly SharedMedium[];
  allowDownload: boolean;
}

const mediumNames = { camera: 'Camera', screen: 'Screen' } as const;

/** What somebody with a link sees: the recording, and nothing of the product around it. */
export function SharedRecording({ title, room, recordedAt, durationMs, media, allowDownload }: SharedRecordingProps) {
  return (
    <div className="flex min-h-dvh flex-col">
      <main className="mx-auto w-full max-w-5xl flex-1 sm:px-6 sm:py-8 lg:py-12">
        <div className="space-y-4 max-sm:[&_.player]:rounded-none">
          {media.map((medium) => (
            <Player key={medium.medium} label={`${mediumNames[medium.medium]} recording`} source={medium} />
          ))}
          {media.length === 0 && (
            <div className="grid aspect-video place-items-center bg-sunken px-6 text-center text-ink-muted sm:rounded-xl">
              There is nothing to play yet. Come back in a moment.
            </div>
          )}
        </div>
        <header className="flex flex-wrap items-start justify-between gap-4 px-4 py-5 sm:px-0">
          <div className="min-w-0 flex-1 basis-60">
            <h1 className="text-lg font-semibold tracking-tight">
              <AnyText text={title} lines={3} />
            </h1>
            <p className="mt-1 flex min-w-0 flex-wrap gap-x-2 text-ink-muted">
              <AnyText text={room} className="max-w-full" />
              <span aria-hidden className="text-ink-faint">
                ·
              </span>
              <LocalTime at={recordedAt} />
              <span aria-hidden className="text-ink-faint">
                ·
              </span>
              <span className="figures">{formatDuration(durationMs)}</span>
            </p>
          </div>
          {allowDownload && media.length > 0 && (
            <div className="flex flex-wrap gap-2">
              {media
                .filter((medium) => medium.finished)
                .map((medium) => (
                  <ButtonAnchor
                    key={medium.medium}
                    href={medium.url}
                    download={medium.downloadName}
                    icon={<Download aria-hidden />}
                  >
                    {media.length === 1 ? 'Download' : `Download ${medium.medium}`}
                  </ButtonAnchor>
                ))}
            </div>
          )}
        </header>
      </main>
      <footer className="flex items-center justify-center gap-2 px-4 py-6 text-xs text-ink-faint">
        <Logo className="size-4" />
        Recorded with Participant Recorder
      </footer>
    </div>
  );
}
