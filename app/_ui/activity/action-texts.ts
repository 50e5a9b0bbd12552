import type { ActionName } from '../../_control/actions-api.ts';

/** After the name of who did it. */
export const actionTexts: Record<ActionName, string> = {
  'recording.started': 'started a recording',
  'recording.stopped': 'stopped a recording',
  'recording.paused': 'paused a recording',
  'recording.resumed': 'resumed a recording',
  'recording.deleted': 'deleted a recording',
  'share.created': 'made a share link',
  'share.revoked': 'revoked a share link',
  'rule.created': 'made a rule',
  'rule.changed': 'changed a rule',
  'rule.deleted': 'deleted a rule',
  'user.set-up': 'set up the first account',
  'user.invited': 'invited',
  'user.changed': 'changed the account of',
  'user.deleted': 'removed an account',
  'user.link-created': 'made a sign-in link for',
  'account.changed': 'changed the own name or e-mail',
  'account.password-changed': 'changed the own password',
  'api-key.created': 'made an API key',
  'api-key.revoked': 'revoked an API key',
  'webhook.created': 'made a webhook',
  'webhook.changed': 'changed a webhook',
  'webhook.deleted': 'deleted a webhook',
  'webhook.secret-replaced': 'replaced the secret of a webhook',
  'retention.changed': 'changed how long recordings are kept',
};
