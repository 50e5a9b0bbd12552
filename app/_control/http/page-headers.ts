/** What browsers are told with every page. Answers that are no pages: security-headers.ts. */
import type { Environment } from '../environment.ts';
import { storeSources } from '../media/store-sources.ts';
import { strictTransport } from './security-headers.ts';

export interface Page {
  pathname: string;
  /** Of this answer alone: the only scripts that run are those that carry it, and what they load. */
  nonce: string;
  /** Of a shared recording that is made to be framed; undefined for every other page. */
  embedSites?: readonly string[] | undefined;
}

type Installation = Pick<Environment, 'publicUrl' | 'livekitSocketUrl' | 'embedded' | 'mediaDelivery' | 'storageUrl'>;

export function pageHeaders(installation: Installation, page: Page): Record<string, string> {
  const isShared = page.pathname.startsWith('/s/');
  return {
    'content-security-policy': contentSecurityPolicy(installation, page),
    'permissions-policy': permissionsPolicy(installation),
    'cross-origin-opener-policy': 'same-origin',
    // Share tokens are part of the address.
    'referrer-policy': isShared ? 'no-referrer' : 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex, nofollow',
    ...strictTransport(installation),
  };
}

export function contentSecurityPolicy(installation: Installation, { nonce, embedSites = [] }: Page): string {
  const rules = {
    'default-src': ["'self'"],
    'script-src': [`'nonce-${nonce}'`, "'strict-dynamic'"],
    // Libraries position what they draw by style attributes.
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:', 'blob:'],
    'media-src': ["'self'", 'blob:', ...storeSources(installation)],
    'font-src': ["'self'", 'data:'],
    'worker-src': ["'self'", 'blob:'],
    'connect-src': ["'self'", ...livekitSources(installation)],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': embedSites.length > 0 ? embedSites : ["'none'"],
  };
  return Object.entries(rules)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
}

/** For watching live. Of LiveKit's cloud every region: the client is sent to the nearest. */
function livekitSources({ livekitSocketUrl }: Installation): string[] {
  const { host, hostname } = new URL(livekitSocketUrl);
  const hosts = hostname.endsWith('.livekit.cloud') ? [host, '*.livekit.cloud'] : [host];
  const isSecure = livekitSocketUrl.startsWith('wss:');
  return hosts.flatMap((name) =>
    isSecure ? [`wss://${name}`, `https://${name}`] : [`ws://${name}`, `http://${name}`],
  );
}

/** Camera and microphone are for the page that takes part in a room, which only an installation for one person has. */
function permissionsPolicy({ embedded }: Installation): string {
  const own = embedded ? '(self)' : '()';
  const none = ['geolocation', 'payment', 'usb', 'serial', 'hid', 'midi', 'browsing-topics'];
  return [
    `camera=${own}`,
    `microphone=${own}`,
    `display-capture=${own}`,
    ...none.map((feature) => `${feature}=()`),
  ].join(', ');
}
