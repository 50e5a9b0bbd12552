/** Where media comes from besides this site, as a Content-Security-Policy names it: the store, when browsers are sent there. */
import type { Environment } from '../environment.ts';

export function storeSources({
  mediaDelivery,
  storageUrl,
}: Pick<Environment, 'mediaDelivery' | 'storageUrl'>): string[] {
  if (mediaDelivery !== 'redirect') return [];
  const endpoint = new URL(storageUrl).searchParams.get('endpoint');
  if (endpoint === null) return ['https://*.amazonaws.com'];
  const { protocol, host, origin } = new URL(endpoint);
  // A bucket is part of the path, or of the host.
  return [origin, `${protocol}//*.${host}`];
}
