import ipaddr from 'ipaddr.js';

/**
 * Who asks, for limits and for knowing one's own sessions. The last of the addresses is the connection's own
 * (note-connection.ts); where that is a proxy of ours, which has a private address, the one before it is what the proxy
 * saw. So a client of the internet cannot say anything here; one within the own network can. Of IPv6 the network,
 * since whoever has one has all of it.
 */
export function clientAddress(request: Request): string {
  const addresses = (request.headers.get('x-forwarded-for') ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => ipaddr.isValid(text))
    .map((text) => ipaddr.process(text));
  const client = addresses.findLast((address) => !isOwn(address)) ?? addresses[0];
  return client === undefined ? 'unknown' : nameOf(client);
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

function isOwn(address: Address): boolean {
  return ['loopback', 'private', 'uniqueLocal', 'linkLocal', 'carrierGradeNat'].includes(address.range());
}

function nameOf(address: Address): string {
  if (!(address instanceof ipaddr.IPv6) || isOwn(address)) return address.toString();
  const network = address.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(':')}::/64`;
}
