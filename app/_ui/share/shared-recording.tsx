import { Download } from 'lucide-react';
import type { Recording } from '../../_control/api.ts';
import { ButtonAnchor } from '../controls/button.tsx';
import { fileName, groupByMedium, mediumNames } from '../player/media-parts.ts';
import { MediumPlayer } from '../player/medium-player.tsx';
import { downloadUrl, sharedMediaUrl } from '../recording/media-url.ts';
import { Logo } from '../shell/logo.tsx';
import { AnyText } from '../text/any-text.tsx';
import { formatDuration } from '../text/format.ts';
import { LocalTime } from '../text/local-time.tsx';

interface SharedRecordingProps {
  token: string;
  recording: Recording;
  allowDownload: boolean;
}

/** What somebody with a link sees: the recording, and nothing of the product around it. */
export function SharedRecording({ token, recording, allowDownload }: SharedRecordingProps) {
  const media = recording.media.map((medium) => ({ ...medium, url: sharedMediaUrl(medium.url, token) }));
  return (
    <div className="flex min-h-dvh flex-col">
      <main className="mx-auto w-full max-w-5xl flex-1 sm:px-6 sm:py-8 lg:py-12">
        <div className="space-y-4 max-sm:[&_.player]:rounded-none">
          {groupByMedium(media).map((parts) => {
            const medium = parts[0]?.medium ?? 'camera';
            return <MediumPlayer key={medium} label={`${mediumNames[medium]} recording`} parts={parts} />;
          })}
          {media.length === 0 && (
            <div className="grid aspect-video place-items-center bg-sunken px-6 text-center text-ink-muted sm:rounded-xl">
              There is nothing to play yet. Come back in a moment.
            </div>
          )}
        </div>
        <header className="flex flex-wrap items-start justify-between gap-4 px-4 py-5 sm:px-0">
          <div className="min-w-0 flex-1 basis-60">
            <h1 className="text-lg font-semibold tracking-tight">
              <AnyText text={recording.identity} lines={3} />
            </h1>
            <p className="mt-1 flex min-w-0 flex-wrap gap-x-2 text-ink-muted">
              <AnyText text={recording.room} className="max-w-full" />
              <span aria-hidden className="text-ink-faint">
                ·
              </span>
              <LocalTime at={recording.startedAt ?? recording.requestedAt} />
              <span aria-hidden className="text-ink-faint">
                ·
              </span>
              <span className="figures">{formatDuration(recording.durationMs)}</span>
            </p>
          </div>
          {allowDownload && media.length > 0 && (
            <div className="flex flex-wrap gap-2">
              {media
                .filter((medium) => medium.finished)
                .map((medium) => (
                  <ButtonAnchor
                    key={medium.url}
                    href={downloadUrl(medium.url)}
                    download
                    icon={<Download aria-hidden />}
                  >
                    {`Download ${fileName(medium, media)}`.trim()}
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
