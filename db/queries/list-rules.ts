import { asc, eq } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type RuleRow, rules } from '../schema.ts';
import { type CreatedPage, createdMicrosOf, isAfter, type Placed } from './created-place.ts';

/** All of them are looked at for every participant. */
export const MAX_RULES = 1000;

/** Oldest first: the first that matches a participant is the one that records it. */
export function listRules(db: Queryable, filter: { enabled?: boolean } = {}): Promise<RuleRow[]> {
  return db
    .select()
    .from(rules)
    .where(filter.enabled === undefined ? undefined : eq(rules.enabled, filter.enabled))
    .orderBy(asc(rules.createdAt), asc(rules.id))
    .limit(MAX_RULES);
}

export function listRulesPage(db: Queryable, { after, limit }: CreatedPage): Promise<Placed<RuleRow>[]> {
  return db
    .select({ row: rules, createdMicros: createdMicrosOf(rules) })
    .from(rules)
    .where(isAfter(rules, after))
    .orderBy(asc(rules.createdAt), asc(rules.id))
    .limit(limit);
}

export function countRules(db: Queryable): Promise<number> {
  return db.$count(rules);
}
