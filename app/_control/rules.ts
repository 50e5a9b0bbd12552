import {
  countRules,
  listRulesPage as listPage,
  listRules as listRows,
  MAX_RULES,
} from '../../db/queries/list-rules.ts';
import {
  deleteRule as deleteRow,
  findRule as findRow,
  insertRule,
  updateRule as updateRow,
} from '../../db/queries/write-rule.ts';
import type { RuleRow } from '../../db/schema.ts';
import {
  type CreateRuleRequest,
  createRuleRequestSchema,
  type PageQuery,
  type Rule,
  type UpdateRuleRequest,
} from './api.ts';
import type { Control } from './control.ts';
import { createdPage, type Page } from './created-page.ts';
import { notFound, ProblemError } from './problem-error.ts';

/** All of them. */
export async function listRules(control: Control): Promise<Rule[]> {
  return (await listRows(control.database.db)).map(presentRule);
}

export function listRulesPage(control: Control, query: PageQuery): Promise<Page<Rule>> {
  return createdPage(query, (page) => listPage(control.database.db, page), presentRule);
}

export async function getRule(control: Control, id: string): Promise<Rule> {
  return presentRule((await findRow(control.database.db, id)) ?? raise());
}

/** It takes effect at once, also for participants who are there already. */
export async function createRule(control: Control, request: CreateRuleRequest): Promise<Rule> {
  if ((await countRules(control.database.db)) >= MAX_RULES) {
    throw new ProblemError('conflict', `There can be ${MAX_RULES} rules at most. Delete one that is not needed.`);
  }
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
