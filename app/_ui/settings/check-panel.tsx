'use client';

import { CircleAlert, CircleCheck, CircleX, LoaderCircle, RefreshCw } from 'lucide-react';
import { useEffect, useState, useTransition } from 'react';
import type { Check } from '../../_control/settings-api.ts';
import { callApi, messageOf } from '../api/call-api.ts';
import { Button } from '../controls/button.tsx';
import { Panel } from '../controls/panel.tsx';
import { formatSpan } from '../text/format.ts';

interface CheckPanelProps {
  title: string;
  /** What is checked: an address, a folder. */
  place: string;
  /** Of the API. */
  path: string;
}

const states = {
  works: { Icon: CircleCheck, className: 'text-good-ink', says: 'Works' },
  fails: { Icon: CircleX, className: 'text-live-ink', says: 'Does not work' },
  unsure: { Icon: CircleAlert, className: 'text-warn-ink', says: 'Look at this' },
} as const;

/** Checks when it is opened, and again when asked to. */
export function CheckPanel({ title, place, path }: CheckPanelProps) {
  const [check, setCheck] = useState<Check | { failure: string }>();
  const [pending, startTransition] = useTransition();

  const run = () =>
    startTransition(async () => {
      try {
        setCheck(await callApi<Check>('POST', path));
      } catch (error) {
        setCheck({ failure: messageOf(error) });
      }
    });
  useEffect(run, [path]);

  return (
    <Panel
      title={title}
      aside={
        <Button size="small" icon={<RefreshCw aria-hidden />} pending={pending} onClick={run}>
          Check again
        </Button>
      }
    >
      <p className="any-text border-b border-line px-4 py-2.5 font-mono text-xs text-ink-muted">{place}</p>
      <div role="status" aria-label={`Check of ${title}`}>
        {check === undefined ? (
          <p className="flex items-center gap-3 px-4 py-3.5 text-ink-muted">
            <LoaderCircle aria-hidden className="size-4 animate-turn" />
            Checking …
          </p>
        ) : 'failure' in check ? (
          <p className="px-4 py-3.5 text-live-ink">{check.failure}</p>
        ) : (
          <ul className="divide-y divide-line">
            {check.steps.map((step) => (
              <CheckStep key={step.name} step={step} />
            ))}
          </ul>
        )}
      </div>
    </Panel>
  );
}

function CheckStep({ step }: { step: Check['steps'][number] }) {
  const { Icon, className, says } = states[step.state];
  return (
    <li className="flex items-start gap-3 px-4 py-3">
      <Icon aria-label={says} role="img" className={`mt-0.5 size-4 shrink-0 ${className}`} />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{step.name}</p>
        <p className={`any-text mt-0.5 text-pretty ${step.state === 'fails' ? 'text-live-ink' : 'text-ink-muted'}`}>
          {step.detail}
        </p>
      </div>
      {step.durationMs !== null && (
        <span className="figures text-xs leading-5 text-ink-faint">{formatSpan(step.durationMs)}</span>
      )}
    </li>
  );
}
