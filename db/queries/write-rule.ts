import { eq } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type NewRuleRow, type RuleRow, rules } from '../schema.ts';

export async function insertRule(db: Queryable, rule: NewRuleRow): Promise<RuleRow> {
  const [row] = await db.insert(rules).values(rule).returning();
  if (!row) throw new Error('An insert returned no row');
  return row;
}

export async function updateRule(db: Queryable, id: string, change: Partial<NewRuleRow>): Promise<RuleRow | undefined> {
  if (Object.keys(change).length === 0) return findRule(db, id);
  const [row] = await db.update(rules).set(change).where(eq(rules.id, id)).returning();
  return row;
}

export async function findRule(db: Queryable, id: string): Promise<RuleRow | undefined> {
  const [row] = await db.select().from(rules).where(eq(rules.id, id));
  return row;
}

export async function deleteRule(db: Queryable, id: string): Promise<boolean> {
  const rows = await db.delete(rules).where(eq(rules.id, id)).returning({ id: rules.id });
  return rows.length > 0;
}
