/**
 * Passwords of people and of share links: argon2id as OWASP recommends it. One takes 19 MiB and some 20 ms of a core, so only
 * a few are worked on at once; who may ask how often is the caller's to bound.
 */
import { hash, verify } from '@node-rs/argon2';
import { Slots } from '../../storage/slots.ts';

const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const slots = new Slots(2);

/** Of no password: compared with when there is nothing to compare with. */
let decoy: Promise<string> | undefined;

/** In the PHC form, with its salt and cost, so that the cost may grow later. */
export function hashPassword(password: string): Promise<string> {
  return slots.use(() => hash(normalise(password), cost));
}

/** Without a hash (there is no such account) it takes as long, and is false. */
export async function isPassword(password: string, passwordHash: string | null): Promise<boolean> {
  decoy ??= hashPassword(crypto.randomUUID());
  const compareWith = passwordHash ?? (await decoy);
  const same = await slots.use(() => verify(compareWith, normalise(password)));
  return same && passwordHash !== null;
}

/** The same letters typed on another keyboard are the same password (RFC 8265, 4.2). */
function normalise(password: string): string {
  return password.normalize('NFC');
}
