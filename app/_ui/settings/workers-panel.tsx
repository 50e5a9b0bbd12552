import type { Worker } from '../../_control/settings-api.ts';
import { Panel } from '../controls/panel.tsx';
import { LocalTime } from '../text/local-time.tsx';

interface WorkersPanelProps {
  workers: readonly Worker[];
  /** What the dashboard runs; undefined: not known, and then nothing is compared. */
  version: string | undefined;
}

export function WorkersPanel({ workers, version }: WorkersPanelProps) {
  const isOther = (worker: Worker) => version !== undefined && worker.version !== version;
  const hasOthers = workers.some(isOther);
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
            <WorkerItem key={worker.id} worker={worker} isOther={isOther(worker)} />
          ))}
        </ul>
      )}
      {hasOthers && (
        <p className="border-t border-line px-4 py-3 text-pretty text-warn-ink">
          Not every worker runs what this dashboard runs (<span className="figures">{version}</span>). Restart the
          others with the same version, one after the other: each finishes what it records, or hands it over.
        </p>
      )}
    </Panel>
  );
}

function WorkerItem({ worker, isOther }: { worker: Worker; isOther: boolean }) {
  const { id, version, recordings, freeSlots, seenAt } = worker;
  return (
    <li className="flex flex-wrap items-baseline gap-x-6 gap-y-1 px-4 py-3">
      <span className="min-w-0 flex-1 basis-40 truncate font-mono text-xs" title={id}>
        {id}
      </span>
      <span className={isOther ? 'text-warn-ink' : 'text-ink-muted'}>
        runs {version === null ? 'an older version' : <span className="figures">{version}</span>}
      </span>
      <span className="figures">
        {recordings} <span className="text-ink-muted">of {recordings + freeSlots} taken</span>
      </span>
      <span className="text-xs text-ink-muted">
        heard of <LocalTime at={seenAt} shape="second" />
      </span>
    </li>
  );
}
