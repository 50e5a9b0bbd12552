'use client';

import { useDeferredValue, useMemo, useState } from 'react';
import type { LiveRoom, Recording } from '../../_control/api.ts';
import { PageHeader } from '../controls/page-header.tsx';
import type { LiveSnapshot } from '../live/live-store.ts';
import { newerRecording } from '../live/newer-recording.ts';
import { useLive } from '../live/use-live.ts';
import type { RuleNames } from '../recording/origin-text.ts';
import { isStoppable, isUnfinished, newestFirst } from '../recording/recording-states.ts';
import { useMay } from '../user/use-may.tsx';
import { AttentionList } from './attention-list.tsx';
import { DemoActions } from './demo-actions.tsx';
import { dismissFailures } from './dismissed-failures.ts';
import { filterGroups, type Who } from './filter-groups.ts';
import { findAttention } from './find-attention.ts';
import { FindBar } from './find-bar.tsx';
import { groupRooms, type RoomGroup } from './group-rooms.ts';
import { LatestRecordings } from './latest-recordings.tsx';
import { NobodyHere } from './nobody-here.tsx';
import { RoomSection } from './room-section.tsx';
import { type AllMonitors, AllMonitorsContext } from './use-monitor-open.tsx';

export interface OverviewProps {
  rooms: readonly LiveRoom[];
  livekit: 'up' | 'down';
  /** Unfinished ones, those that failed lately and the newest finished ones. */
  recordings: readonly Recording[];
  ruleNames: RuleNames;
  /** LiveKit is ours: demo participants and the join page are there. */
  embedded: boolean;
  /** Of failures, ISO: older ones need no attention any more. */
  failedSince: string;
  dismissedUntil: string;
}

const roomsOf = (live: LiveSnapshot) => live.rooms;
const livekitOf = (live: LiveSnapshot) => live.livekit;
const healthOf = (live: LiveSnapshot) => live.health;
const upkeepOf = (live: LiveSnapshot) => live.upkeep;
const recordingsOf = (live: LiveSnapshot) => live.recordings;
const deletedOf = (live: LiveSnapshot) => live.deleted;
const warningsOf = (live: LiveSnapshot) => live.warnings;

const latestCount = 5;
/** With more, graphs are opened one by one. */
const graphsOpenUpTo = 3;

/** What happens now: what needs somebody, who is in which room, who is being recorded, and what was recorded last. */
export function Overview(rendered: OverviewProps) {
  const { embedded, ruleNames } = rendered;
  const rooms = useLive(roomsOf) ?? rendered.rooms;
  const livekit = useLive(livekitOf) ?? rendered.livekit;
  const health = useLive(healthOf);
  const upkeep = useLive(upkeepOf);
  const warnings = useLive(warningsOf);
  const changed = useLive(recordingsOf);
  const deleted = useLive(deletedOf);
  const mayRecord = useMay('operator');

  const recordings = useMemo(() => {
    const byId = new Map(changed);
    for (const recording of rendered.recordings) {
      byId.set(recording.id, newerRecording(recording, changed.get(recording.id)));
    }
    for (const id of deleted) byId.delete(id);
    return [...byId.values()].sort(newestFirst);
  }, [rendered.recordings, changed, deleted]);

  const unfinished = recordings.filter((recording) => isUnfinished(recording.status));
  const groups = useGroups(rooms, unfinished);
  const latest = recordings.filter((recording) => !isUnfinished(recording.status)).slice(0, latestCount);
  const running = unfinished.filter(({ status }) => isStoppable(status)).length;

  const [text, setText] = useState('');
  const [who, setWho] = useState<Who>('everyone');
  const shown = filterGroups(groups, useDeferredValue(text), who);
  const [graphs, setGraphs] = useState<AllMonitors>({ open: running <= graphsOpenUpTo, turn: 0 });

  const [dismissedUntil, setDismissedUntil] = useState(rendered.dismissedUntil);
  const dismiss = (until: string) => {
    dismissFailures(until);
    setDismissedUntil(until);
  };
  const failed = recordings.filter(
    ({ status, requestedAt, stoppedAt }) => status === 'failed' && (stoppedAt ?? requestedAt) > rendered.failedSince,
  );
  const attention = findAttention({ livekit, health, upkeep, unfinished, failed, warnings, dismissedUntil });

  const people = groups.reduce((sum, { room }) => sum + (room?.participants.length ?? 0), 0);
  const liveRooms = groups.filter(({ room }) => room !== undefined).length;
  const quiet = groups.length === 0;
  const canTry = embedded && livekit === 'up' && mayRecord;

  return (
    <>
      <PageHeader title="Overview" actions={canTry && !quiet && <DemoActions />}>
        <span className="tabular-nums">
          {count(liveRooms, 'live room')} · {count(people, 'participant')} · {running} being recorded
        </span>
      </PageHeader>
      <div className="space-y-6">
        <AttentionList items={attention} onDismiss={dismiss} />
        {quiet && livekit === 'up' && <NobodyHere embedded={canTry} />}
        {!quiet && (
          <FindBar
            text={text}
            onText={setText}
            who={who}
            onWho={setWho}
            graphsOpen={graphs.open}
            onGraphs={(open) => setGraphs({ open, turn: graphs.turn + 1 })}
          />
        )}
        <AllMonitorsContext value={graphs}>
          {shown.map((group) => (
            <RoomSection key={group.name} group={group} ruleNames={ruleNames} />
          ))}
        </AllMonitorsContext>
        {!quiet && shown.length === 0 && (
          <p
            role="status"
            className="rounded-xl border border-dashed border-line-strong px-6 py-10 text-center text-ink-muted"
          >
            No room and nobody in one fits. Press Escape in the field to see everybody again.
          </p>
        )}
        {latest.length > 0 && <LatestRecordings recordings={latest} />}
      </div>
    </>
  );
}

/** The groups of the last rendering, so that those that say the same stay the same. */
function useGroups(rooms: readonly LiveRoom[], unfinished: readonly Recording[]): readonly RoomGroup[] {
  const [before] = useState<{ groups: readonly RoomGroup[] }>({ groups: [] });
  before.groups = groupRooms(rooms, unfinished, before.groups);
  return before.groups;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
