import type { CreateShareRequest } from '../../_control/api.ts';
import { parsePosition } from './parse-position.ts';
import { lifetimes } from './share-lifetimes.ts';

interface ReadShareForm {
  request: CreateShareRequest;
  /** By the field's name in the API: what cannot be asked for as it was typed. The rest is for the server to judge. */
  errors: Readonly<Record<string, string>>;
}

export function readShareForm(form: FormData, now: Date): ReadShareForm {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const errors: Record<string, string> = {};
  const startAtMs = text('startAt') === '' ? 0 : parsePosition(text('startAt'));
  if (startAtMs === undefined) errors.startAtMs = 'write it like 1:23';

  const lifetime = lifetimes.find(({ value }) => value === text('lifetime'));
  let expiresIn = lifetime?.ms ?? null;
  if (lifetime?.value === 'date') {
    expiresIn = endOfDay(text('lastDay')) - now.getTime();
    if (!(expiresIn > 60_000)) errors.expiresIn = 'choose today or a later day';
  }

  return {
    errors,
    request: {
      expiresIn,
      label: text('label') || null,
      // As it was typed: blanks are part of a password.
      password: String(form.get('password') ?? '') || null,
      maxViews: text('maxViews') === '' ? null : Number(text('maxViews')),
      allowDownload: form.get('allowDownload') !== null,
      startAtMs: startAtMs ?? 0,
      embedSites: text('embedSites')
        .split(/[\s,]+/)
        .filter((site) => site !== ''),
    },
  };
}

/** Of a day as `<input type="date">` says it, where the browser is; NaN for none. */
function endOfDay(day: string): number {
  return new Date(`${day}T23:59:59`).getTime();
}
