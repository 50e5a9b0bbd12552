import clsx from 'clsx';
import type { Webhook } from '../../_control/webhooks-api.ts';
import { LocalTime } from '../text/local-time.tsx';

/** In a word, and since when. */
export function WebhookState({ webhook }: { webhook: Webhook }) {
  const isFailing = webhook.enabled && webhook.failingSince !== null;
  const isOff = !webhook.enabled;
  return (
    <span
      className={clsx('inline-flex items-center gap-1.5', (isFailing || webhook.disabledReason) && 'text-live-ink')}
    >
      <span
        aria-hidden
        className={clsx('size-1.5 rounded-full', isFailing ? 'bg-live' : isOff ? 'bg-ink-faint' : 'bg-good')}
      />
      {isOff ? (webhook.disabledReason ? 'Switched off by itself' : 'Off') : isFailing ? 'Failing since' : 'On'}
      {isFailing && webhook.failingSince !== null && <LocalTime at={webhook.failingSince} />}
    </span>
  );
}
