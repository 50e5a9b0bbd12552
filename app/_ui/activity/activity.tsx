import { History } from 'lucide-react';
import Link from 'next/link';
import type { Action } from '../../_control/actions-api.ts';
import { ButtonLink } from '../controls/button.tsx';
import { EmptyState } from '../controls/empty-state.tsx';
import { Panel } from '../controls/panel.tsx';
import { LocalTime } from '../text/local-time.tsx';
import { shortText } from '../text/visible-text.ts';
import { actionTexts } from './action-texts.ts';

interface ActivityProps {
  page: { items: readonly Action[]; nextCursor: string | null };
}

/** Who did what, newest first. */
export function Activity({ page: { items, nextCursor } }: ActivityProps) {
  if (items.length === 0) {
    return (
      <EmptyState icon={<History aria-hidden />} title="Nothing was done yet">
        Who starts, stops, deletes or shares recordings, and who changes rules, users, keys and settings, is listed here
        for a year.
      </EmptyState>
    );
  }
  return (
    <>
      <Panel title="Who did what" aside={<span className="text-xs text-ink-muted">Kept for a year</span>}>
        <ol className="divide-y divide-line">
          {items.map((action, index) => (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: A page of a log does not change.
              key={index}
              className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5 px-4 py-2.5"
            >
              <Sentence action={action} />
              <span className="figures text-xs text-ink-muted">
                <LocalTime at={action.at} shape="second" />
              </span>
            </li>
          ))}
        </ol>
      </Panel>
      {nextCursor !== null && <ButtonLink href={`/settings/activity?cursor=${nextCursor}`}>Older</ButtonLink>}
    </>
  );
}

function Sentence({ action: { action, actor, subject, recordingId } }: { action: Action }) {
  const text = actionTexts[action];
  return (
    <p className="any-text min-w-0">
      {actor.kind === 'api-key' && <span className="text-ink-muted">API key </span>}
      <bdi className="font-medium">{shortText(actor.name, 100)}</bdi>{' '}
      {recordingId !== null && action !== 'recording.deleted' ? (
        <Link href={`/recordings/${recordingId}`} className="underline underline-offset-2">
          {text}
        </Link>
      ) : (
        text
      )}
      {subject?.name && (
        <>
          {' '}
          <bdi className="text-ink-muted">{shortText(subject.name, 100)}</bdi>
        </>
      )}
    </p>
  );
}
