import { asc, eq } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type RuleRow, rules } from '../schema.ts';

/** Oldest first: the first that matches a participant is the one that records it. */
export function listRules(db: Queryable, filter: { enabled?: boolean } = {}): Promise<RuleRow[]> {
  return db
    .select()
    .from(rules)
    .where(filter.enabled === undefined ? undefined : eq(rules.enabled, filter.enabled))
    .orderBy(asc(rules.createdAt), asc(rules.id))
    .limit(1000);
}
