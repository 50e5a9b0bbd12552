import { FileQuestionMark } from 'lucide-react';
import { ButtonLink } from '../_ui/controls/button.tsx';
import { EmptyState } from '../_ui/controls/empty-state.tsx';

export default function NotFound() {
  return (
    <EmptyState
      icon={<FileQuestionMark aria-hidden />}
      title="There is nothing here"
      actions={<ButtonLink href="/recordings">Go to recordings</ButtonLink>}
    >
      The address is wrong, or what was here has been deleted.
    </EmptyState>
  );
}
