/**
 * Which addresses outgoing requests may go to. What somebody enters in a form must not reach what only this machine can
 * reach: other services of the network, the metadata of a cloud.
 */
import type { LookupAddress } from 'node:dns';
import { lookup as resolve } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Hosts, addresses and ranges in CIDR notation; or everything. From WEBHOOK_ALLOW_PRIVATE. */
export type Allowance = readonly string[] | 'everything';

export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';

  constructor(host: string) {
    super(
      `${host} is a private address, which webhooks may not reach. Whoever runs this installation can allow it with WEBHOOK_ALLOW_PRIVATE.`,
    );
  }
}

export function parseAllowance(value: string | undefined): Allowance {
  if (value === undefined) return [];
  const entries = value.split(',').map((entry) => entry.trim().toLowerCase());
  return entries.includes('true') ? 'everything' : entries.filter((entry) => entry !== '' && entry !== 'false');
}

/** An address on the public internet, or one that is allowed by hand. */
export function isAddressAllowed(address: string, allowance: Allowance): boolean {
  if (allowance === 'everything') return true;
  // An IPv4 address in IPv6 clothes is what it is.
  const parsed = ipaddr.process(address.replace(/%.*$/, ''));
  if (parsed.range() === 'unicast' && !isUnassigned(parsed)) return true;
  return allowance.some((entry) => {
    if (ipaddr.isValid(entry)) return ipaddr.process(entry).toString() === parsed.toString();
    if (!ipaddr.isValidCIDR(entry)) return false;
    const [range, bits] = ipaddr.parseCIDR(entry);
    return range.kind() === parsed.kind() && parsed.match(range, bits);
  });
}

/** Of IPv6 the internet is 2000::/3. What lies beside it is nobody's, or an old way of saying something private. */
function isUnassigned(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return address instanceof ipaddr.IPv6 && !address.match(ipaddr.IPv6.parseCIDR('2000::/3'));
}

function isHostAllowed(host: string, allowance: Allowance): boolean {
  return allowance === 'everything' || allowance.includes(host.toLowerCase());
}

/** Throws for a host that is, or whose name leads to, a forbidden address. A name that leads nowhere passes here. */
export async function assertOutside(url: string, allowance: Allowance): Promise<void> {
  assertNoForbiddenAddress(url, allowance);
  const host = hostOf(url);
  const addresses = await resolve(host, { all: true }).catch(() => []);
  if (!isHostAllowed(host, allowance) && addresses.some(({ address }) => !isAddressAllowed(address, allowance)))
    throw new ForbiddenAddressError(host);
}

/** Throws for a host that is a forbidden address itself: a connection to it asks no `outsideLookup`. */
export function assertNoForbiddenAddress(url: string, allowance: Allowance): void {
  const host = hostOf(url);
  if (ipaddr.isValid(host) && !isAddressAllowed(host, allowance)) throw new ForbiddenAddressError(host);
}

/** Without the brackets of IPv6. */
function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}

/**
 * For the connection itself, which goes to an address that was looked at here: a name that leads elsewhere the next
 * time it is asked gains nothing. One forbidden address is enough to refuse all of them.
 */
export function outsideLookup(allowance: Allowance): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true }).then(
      (addresses) => {
        const forbidden = addresses.some(({ address }) => !isAddressAllowed(address, allowance));
        if (forbidden && !isHostAllowed(host, allowance)) return callback(new ForbiddenAddressError(host), []);
        if (options.all) return callback(null, addresses);
        const [first] = addresses as [LookupAddress, ...LookupAddress[]];
        callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
}
