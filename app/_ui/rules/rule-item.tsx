'use client';

import clsx from 'clsx';
import { Film, Pencil, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useId, useOptimistic, useState } from 'react';
import type { Rule } from '../../_control/api.ts';
import { callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Button, ButtonLink } from '../controls/button.tsx';
import { ConfirmDialog } from '../controls/confirm-dialog.tsx';
import { Switch } from '../controls/switch.tsx';
import { sourceNames, TrackIcon } from '../recording/track-icon.tsx';
import { AnyText } from '../text/any-text.tsx';
import { formatSpan } from '../text/format.ts';
import { shortText } from '../text/visible-text.ts';
import { useMay } from '../user/use-may.tsx';
import { kindNames } from './kind-names.ts';
import { formatMetadataValue } from './metadata-value.ts';

interface RuleItemProps {
  rule: Rule;
  onChanged(rule: Rule): void;
  onDeleted(): void;
}

export function RuleItem({ rule, onChanged, onDeleted }: RuleItemProps) {
  const nameId = useId();
  const [enabled, setEnabled] = useOptimistic(rule.enabled);
  const [asking, setAsking] = useState(false);
  const mayWrite = useMay('operator');

  const toggle = useAction(async (wanted: boolean) => {
    setEnabled(wanted);
    onChanged(await callApi<Rule>('PATCH', `/api/v1/rules/${rule.id}`, { enabled: wanted }));
  });
  const remove = useAction(async () => {
    await callApi('DELETE', `/api/v1/rules/${rule.id}`);
    onDeleted();
  });

  return (
    <li
      id={`rule-${rule.id}`}
      className="grid scroll-mt-16 grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-4 px-4 py-3.5 target:bg-busy-tint"
    >
      <div className="grid">
        <Switch
          checked={enabled}
          onCheckedChange={(wanted) => toggle.run(wanted)}
          disabled={toggle.pending || !mayWrite}
          aria-label="On"
          aria-describedby={nameId}
        />
      </div>
      <p className={clsx('flex min-w-0 items-baseline gap-2', !enabled && 'text-ink-muted')}>
        <AnyText id={nameId} text={rule.name} lines={3} className="font-medium" />
        {!enabled && <span className="text-xs text-ink-faint">off</span>}
      </p>
      {mayWrite && (
        <div className="-mr-1.5 flex">
          <ButtonLink
            href={`/rules/${rule.id}`}
            look="quiet"
            size="icon"
            aria-label="Edit"
            aria-describedby={nameId}
            icon={<Pencil aria-hidden />}
          />
          <Button
            look="quiet"
            size="icon"
            aria-label="Delete"
            aria-describedby={nameId}
            icon={<Trash2 aria-hidden />}
            onClick={() => setAsking(true)}
          />
        </div>
      )}
      <div className={clsx('col-span-full min-w-0 sm:col-start-2', !enabled && 'text-ink-muted')}>
        <dl className="mt-1.5 grid grid-cols-[5.5rem_minmax(0,1fr)] gap-x-2 gap-y-1 text-[0.8125rem]">
          <dt className="text-ink-faint">Rooms</dt>
          <dd className="min-w-0">
            <AnyText text={rule.roomPattern} className="font-mono text-xs leading-5" />
          </dd>
          <dt className="text-ink-faint">Participants</dt>
          <dd className="min-w-0">
            <AnyText text={rule.identityPattern} className="font-mono text-xs leading-5" />
          </dd>
          {rule.metadata !== null && (
            <>
              <dt className="text-ink-faint">Metadata</dt>
              <dd className="min-w-0">
                <AnyText text={metadataText(rule.metadata)} className="font-mono text-xs leading-5" />
              </dd>
            </>
          )}
        </dl>
        <p className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-muted">
          <span className="inline-flex items-center gap-2">
            {rule.tracks.map((source) => (
              <span key={source} title={sourceNames[source]}>
                <TrackIcon
                  source={source}
                  kind={source === 'camera' || source === 'screen_share' ? 'video' : 'audio'}
                />
                <span className="sr-only">{sourceNames[source]}</span>
              </span>
            ))}
          </span>
          <span className="figures">
            {rule.reconnectWindowMs === 0
              ? 'ends when they leave'
              : `waits ${formatSpan(rule.reconnectWindowMs)} for them to come back`}
          </span>
          {rule.undecodable === 'drop' && <span>leaves out video that cannot be shown</span>}
          {rule.retainDays !== null && <span className="figures">kept {rule.retainDays} days</span>}
          {rule.kinds.join() !== 'standard' && <span>{kindsText(rule.kinds)}</span>}
          <Link
            href={`/recordings?rule=${rule.id}`}
            aria-describedby={nameId}
            className="inline-flex min-h-6 items-center gap-1 rounded-md font-medium text-ink hover:underline"
          >
            <Film aria-hidden className="size-3.5" />
            Its recordings
          </Link>
        </p>
      </div>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Delete this rule?"
        action="Delete"
        pending={remove.pending}
        onConfirm={() => remove.run()}
      >
        Nobody is recorded by it any more. What it has recorded stays, and what it records now goes on.
      </ConfirmDialog>
    </li>
  );
}

function metadataText(metadata: NonNullable<Rule['metadata']>): string {
  const pairs = Object.entries(metadata).map(([name, value]) => `${name} = ${formatMetadataValue(value)}`);
  return shortText(pairs.join(', '), 200);
}

function kindsText(kinds: Rule['kinds']): string {
  const names = kindNames.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name.toLowerCase());
  return `of ${names.join(', ')}`;
}
