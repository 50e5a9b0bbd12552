import { listRules as listRows } from '../../db/queries/list-rules.ts';
import {
  deleteRule as deleteRow,
  findRule as findRow,
  insertRule,
  updateRule as updateRow,
} from '../../db/queries/write-rule.ts';
import type { RuleRow } from '../../db/schema.ts';
import { type CreateRuleRequest, createRuleRequestSchema, type Rule, type UpdateRuleRequest } from './api.ts';
import type { Control } from './control.ts';
import { notFound } from './problem-error.ts';

export async function listRules(control: Control): Promise<Rule[]> {
  return (await listRows(control.database.db)).map(presentRule);
}

export async function getRule(control: Control, id: string): Promise<Rule> {
  return presentRule((await findRow(control.database.db, id)) ?? raise());
}

/** It takes effect at once, also for participants who are there already. */
export async function createRule(control: Control, request: CreateRuleRequest): Promise<Rule> {
  return presentRule(await insertRule(control.database.db, createRuleRequestSchema.parse(request)));
}

export async function updateRule(control: Control, id: string, change: UpdateRuleRequest): Promise<Rule> {
  return presentRule((await updateRow(control.database.db, id, change)) ?? raise());
}

/** Recordings that it made stay, and those that run go on. */
export async function deleteRule(control: Control, id: string): Promise<void> {
  if (!(await deleteRow(control.database.db, id))) raise();
}

function raise(): never {
  throw notFound('rule');
}

function presentRule(row: RuleRow): Rule {
  return { ...row, kinds: row.kinds as Rule['kinds'], createdAt: row.createdAt.toISOString() };
}
