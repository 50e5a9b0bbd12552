import { Radio } from 'lucide-react';
import { EmptyState } from '../controls/empty-state.tsx';
import { DemoActions } from './demo-actions.tsx';

export function NobodyHere({ embedded }: { embedded: boolean }) {
  return (
    <EmptyState icon={<Radio aria-hidden />} title="No live rooms" actions={embedded && <DemoActions />}>
      {embedded
        ? 'Participants appear here when they join a room. Bring one in yourself: a synthetic one, or you with this browser. Then press Record.'
        : 'Participants of your LiveKit server appear here when they join a room, each with a Record button. A rule records them without one.'}
    </EmptyState>
  );
}
