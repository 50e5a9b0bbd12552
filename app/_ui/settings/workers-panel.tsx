import type { Worker } from '../../_control/settings-api.ts';
import { Panel } from '../controls/panel.tsx';
import { LocalTime } from '../text/local-time.tsx';

export function WorkersPanel({ workers }: { workers: readonly Worker[] }) {
  return (
    <Panel title="Workers" aside={<span className="figures text-ink-muted">{workers.length}</span>}>
      {workers.length === 0 ? (
        <p className="px-4 py-3.5 text-live-ink">
          No worker asks for tasks, so nothing is recorded. Start one with “recorder serve”, with the CONTROL_URL and
          WORKER_TOKEN of this installation.
        </p>
      ) : (
        <ul className="divide-y divide-line">
          {workers.map((worker) => (
            <li key={worker.id} className="flex flex-wrap items-baseline gap-x-6 gap-y-1 px-4 py-3">
              <span className="min-w-0 flex-1 basis-40 truncate font-mono text-xs" title={worker.id}>
                {worker.id}
              </span>
              <span className="figures">
                {worker.recordings}{' '}
                <span className="text-ink-muted">of {worker.recordings + worker.freeSlots} taken</span>
              </span>
              <span className="text-xs text-ink-muted">
                heard of <LocalTime at={worker.seenAt} shape="second" />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
