'use client';

import { useMemo } from 'react';
import type { LiveRoom, Recording } from '../../_control/api.ts';
import { Notice } from '../controls/notice.tsx';
import { PageHeader } from '../controls/page-header.tsx';
import type { LiveSnapshot } from '../live/live-store.ts';
import { newerRecording } from '../live/newer-recording.ts';
import { useLive } from '../live/use-live.ts';
import type { RuleNames } from '../recording/origin-text.ts';
import { isStoppable, isUnfinished, newestFirst, participantKey } from '../recording/recording-states.ts';
import { ActiveRecordings } from './active-recordings.tsx';
import { DemoActions } from './demo-actions.tsx';
import { LatestRecordings } from './latest-recordings.tsx';
import { NobodyHere } from './nobody-here.tsx';
import { RoomSection } from './room-section.tsx';

export interface OverviewProps {
  rooms: readonly LiveRoom[];
  livekit: 'up' | 'down';
  /** Unfinished ones and the newest finished ones. */
  recordings: readonly Recording[];
  ruleNames: RuleNames;
  /** LiveKit is ours: demo participants and the join page are there. */
  embedded: boolean;
}

const roomsOf = (live: LiveSnapshot) => live.rooms;
const livekitOf = (live: LiveSnapshot) => live.livekit;
const recordingsOf = (live: LiveSnapshot) => live.recordings;
const deletedOf = (live: LiveSnapshot) => live.deleted;

const latestCount = 5;

/** What happens now: rooms, who is in them, who is being recorded, and what was recorded last. */
export function Overview(rendered: OverviewProps) {
  // A room that everybody has left lives on for minutes; there is nobody in it to record.
  const rooms = (useLive(roomsOf) ?? rendered.rooms).filter((room) => room.participants.length > 0);
  const livekit = useLive(livekitOf) ?? rendered.livekit;
  const changed = useLive(recordingsOf);
  const deleted = useLive(deletedOf);

  const recordings = useMemo(() => {
    const byId = new Map(changed);
    for (const recording of rendered.recordings) {
      byId.set(recording.id, newerRecording(recording, changed.get(recording.id)));
    }
    for (const id of deleted) byId.delete(id);
    return [...byId.values()].sort(newestFirst);
  }, [rendered.recordings, changed, deleted]);

  const unfinished = recordings.filter((recording) => isUnfinished(recording.status));
  const latest = recordings.filter((recording) => !isUnfinished(recording.status)).slice(0, latestCount);
  const running = new Map(
    recordings
      .filter((recording) => isStoppable(recording.status))
      .map((recording) => [participantKey(recording.room, recording.identity), recording]),
  );
  const participants = rooms.reduce((sum, room) => sum + room.participants.length, 0);
  const quiet = rooms.length === 0 && unfinished.length === 0;

  return (
    <>
      <PageHeader title="Overview" actions={rendered.embedded && !quiet && livekit === 'up' && <DemoActions />}>
        <span className="figures">
          {count(rooms.length, 'live room')} · {count(participants, 'participant')} · {running.size} being recorded
        </span>
      </PageHeader>
      <div className="space-y-8">
        {livekit === 'down' && (
          <Notice tone="bad" title="LiveKit cannot be reached">
            Rooms are not up to date and nothing new can be recorded. Check that the LiveKit server is running and that
            LIVEKIT_URL and its keys are right; this page continues by itself.
          </Notice>
        )}
        {quiet && livekit === 'up' && <NobodyHere embedded={rendered.embedded} />}
        {unfinished.length > 0 && <ActiveRecordings recordings={unfinished} />}
        {rooms.map((room) => (
          <RoomSection key={room.sid} room={room} running={running} ruleNames={rendered.ruleNames} />
        ))}
        {latest.length > 0 && <LatestRecordings recordings={latest} />}
      </div>
    </>
  );
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
