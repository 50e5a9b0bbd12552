import { BarePage } from '../../_ui/shell/bare-page.tsx';

/** The same words for what never was, has expired, was used up and was revoked. */
export default function ShareNotFound() {
  return (
    <BarePage title="This link does not work">
      <p>It may have expired or been withdrawn, or the address is not complete. Ask whoever sent it for a new one.</p>
    </BarePage>
  );
}
