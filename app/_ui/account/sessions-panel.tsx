'use client';

import { useState } from 'react';
import { toast } from 'sonner';
import type { SessionInfo } from '../../_control/users-api.ts';
import { callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../controls/button.tsx';
import { Panel } from '../controls/panel.tsx';
import { LocalTime } from '../text/local-time.tsx';
import { describeBrowser } from './describe-browser.ts';

/** Where one is signed in, the browser in front of one first. */
export function SessionsPanel({ sessions: rendered }: { sessions: readonly SessionInfo[] }) {
  const [sessions, setSessions] = useState(rendered);
  const others = sessions.filter((session) => !session.current);
  const endOthers = useAction(async () => {
    await callApi('DELETE', '/api/v1/account/sessions');
    setSessions((before) => before.filter((session) => session.current));
    toast.success('Signed out everywhere else');
  });
  const ordered = [...sessions.filter((session) => session.current), ...others];
  return (
    <Panel
      title="Signed in"
      aside={
        others.length > 0 && (
          <Button size="small" pending={endOthers.pending} onClick={() => endOthers.run()}>
            Sign out the others
          </Button>
        )
      }
    >
      <ul className="divide-y divide-line">
        {ordered.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            onEnded={() => setSessions((before) => before.filter((other) => other.id !== session.id))}
          />
        ))}
      </ul>
    </Panel>
  );
}

function SessionRow({ session, onEnded }: { session: SessionInfo; onEnded(): void }) {
  const end = useAction(async () => {
    await callApi('DELETE', `/api/v1/account/sessions/${session.id}`);
    onEnded();
  });
  const browser = describeBrowser(session.userAgent);
  return (
    <li className="flex items-center justify-between gap-4 px-4 py-3">
      <div className="min-w-0">
        <p className="font-medium" title={session.userAgent}>
          {browser} {session.current && <span className="text-xs font-normal text-good-ink">this one</span>}
        </p>
        <p className="text-xs text-ink-muted">
          Seen <LocalTime at={session.seenAt} /> <span className="any-text">from {session.address}</span>
        </p>
      </div>
      {!session.current && (
        <Button size="small" aria-label={`Sign out ${browser}`} pending={end.pending} onClick={() => end.run()}>
          Sign out
        </Button>
      )}
    </li>
  );
}
