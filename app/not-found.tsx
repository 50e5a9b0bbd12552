import type { Metadata } from 'next';
import { ButtonLink } from './_ui/controls/button.tsx';
import { BarePage } from './_ui/shell/bare-page.tsx';

export const metadata: Metadata = { title: 'Not found' };

/** The same words for what never was, what was deleted and what was revoked. */
export default function NotFound() {
  return (
    <BarePage title="There is nothing here">
      <p>The address is wrong, or what was here has been deleted or is no longer shared.</p>
      <ButtonLink href="/">Go to the overview</ButtonLink>
    </BarePage>
  );
}
