import type { Recording } from '../../_control/api.ts';
import { Panel } from '../controls/panel.tsx';
import { formatPosition, formatSpan } from '../text/format.ts';

type Gap = Recording['gaps'][number];

const reasons: Record<string, string> = {
  muted: 'Muted by the participant',
  unpublished: 'Not published',
  'packet-loss': 'Lost on the network',
  'timestamp-jump': 'The publisher’s clock jumped',
  paused: 'Recording was paused',
  'participant-away': 'The participant was away',
  'recorder-away': 'The recorder was away',
  silence: 'Nobody spoke',
};

const shownAtMost = 100;

function lengthOf({ fromMs, toMs, cutMs }: Gap): string {
  if (cutMs !== undefined) return `${formatSpan(cutMs)}, cut out`;
  return toMs > fromMs ? formatSpan(toMs - fromMs) : 'still open';
}

export function GapsPanel({ gaps }: { gaps: readonly Gap[] }) {
  return (
    <Panel title="Gaps" aside={<span className="figures text-xs text-ink-muted">{gaps.length}</span>}>
      <ul className="max-h-80 divide-y divide-line overflow-y-auto">
        {gaps.slice(0, shownAtMost).map((gap) => (
          <li
            key={`${gap.medium}/${gap.kind}/${gap.fromMs}/${gap.reason}`}
            className="grid grid-cols-[4.5rem_minmax(0,1fr)_auto] gap-3 px-4 py-2"
          >
            <span className="figures text-ink-muted">{formatPosition(gap.fromMs)}</span>
            <span className="min-w-0">
              {reasons[gap.reason] ?? gap.reason}
              <span className="text-ink-muted">
                , {gap.medium === 'screen' ? 'screen ' : ''}
                {gap.kind}
              </span>
            </span>
            <span className="figures text-ink-muted">{lengthOf(gap)}</span>
          </li>
        ))}
      </ul>
      {gaps.length > shownAtMost && (
        <p className="border-t border-line px-4 py-2 text-xs text-ink-muted">
          The first {shownAtMost} are shown; the API gives all of them.
        </p>
      )}
    </Panel>
  );
}
