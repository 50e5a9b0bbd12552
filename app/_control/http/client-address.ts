import ipaddr from 'ipaddr.js';

/**
 * Who asks, for limits only: what the nearest proxy says, else the connection (Next.js writes it where no proxy did). Of
 * IPv6 the network, since whoever has one has all of it. Without a proxy a client can say anything here, so no limit
 * stands on this alone.
 */
export function clientAddress(request: Request): string {
  const nearest = (request.headers.get('x-forwarded-for') ?? '').split(',').at(-1)?.trim() ?? '';
  if (!ipaddr.isValid(nearest)) return 'unknown';
  const address = ipaddr.process(nearest);
  return address instanceof ipaddr.IPv6 ? `${address.parts.slice(0, 4).join(':')}::/64` : address.toString();
}
