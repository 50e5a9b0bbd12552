import { Download, Film } from 'lucide-react';
import { ButtonAnchor } from '../controls/button.tsx';
import { fileName } from '../player/media-parts.ts';
import { downloadUrl } from '../recording/media-url.ts';
import { AnyText } from '../text/any-text.tsx';
import { formatDuration } from '../text/format.ts';
import { LocalTime } from '../text/local-time.tsx';
import { SharedPage } from './shared-page.tsx';
import { SharedPlayer } from './shared-player.tsx';
import type { SharedView } from './shared-view.ts';

interface SharedRecordingProps {
  recording: SharedView;
  startAtMs: number;
  allowDownload: boolean;
}

/** What somebody with a link sees: the recording, and nothing of the product around it. */
export function SharedRecording({ recording, startAtMs, allowDownload }: SharedRecordingProps) {
  const { media } = recording;
  const downloads = allowDownload ? media.filter((medium) => medium.finished) : [];
  return (
    <SharedPage>
      <main className="mx-auto w-full max-w-5xl flex-1 sm:px-6 sm:pt-8 lg:pt-12">
        {media.length > 0 ? (
          <div className="max-sm:[&_.player]:rounded-none">
            <SharedPlayer recording={recording} startAtMs={startAtMs} />
          </div>
        ) : (
          <div className="grid aspect-video place-items-center bg-sunken px-6 text-center text-ink-muted sm:rounded-xl">
            <div>
              <Film aria-hidden className="mx-auto mb-3 size-6 text-ink-faint" />
              <p>There is nothing to play yet. Come back in a moment.</p>
            </div>
          </div>
        )}
        <header className="flex flex-wrap items-start justify-between gap-4 px-4 py-5 sm:px-0">
          <div className="min-w-0 flex-1 basis-60">
            <h1 className="text-lg font-semibold tracking-tight">
              <AnyText text={recording.identity} lines={3} />
            </h1>
            <p className="mt-1 flex min-w-0 flex-wrap gap-x-2 text-ink-muted">
              <AnyText text={recording.room} className="max-w-full" />
              <Dot />
              <LocalTime at={recording.startedAt ?? recording.requestedAt} />
              <Dot />
              <span className="figures">{formatDuration(recording.durationMs)}</span>
            </p>
          </div>
          {downloads.length > 0 && (
            <div className="flex flex-wrap gap-2">
              {downloads.map((medium) => (
                <ButtonAnchor key={medium.url} href={downloadUrl(medium.url)} download icon={<Download aria-hidden />}>
                  {`Download ${fileName(medium, media)}`.trim()}
                </ButtonAnchor>
              ))}
            </div>
          )}
        </header>
      </main>
    </SharedPage>
  );
}

function Dot() {
  return (
    <span aria-hidden className="text-ink-faint">
      ·
    </span>
  );
}
