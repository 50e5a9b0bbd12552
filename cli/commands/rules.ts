import type { CreateRuleRequest, Rule } from '../../app/_control/api.ts';
import type { Context } from '../context.ts';
import { table } from '../terminal.ts';

export async function listRules(context: Context): Promise<void> {
  const rules = await context.api.list<Rule>('/api/v1/rules', { limit: '200' }, Number.POSITIVE_INFINITY);
  context.show(rules, sayRules);
}

export async function createRule(
  context: Context,
  name: string,
  options: { room: string; identity: string; retainDays?: number },
): Promise<void> {
  const body: CreateRuleRequest = {
    name,
    roomPattern: options.room,
    identityPattern: options.identity,
    ...(options.retainDays !== undefined && { retainDays: options.retainDays }),
  };
  context.show(await context.api.json<Rule>('POST', '/api/v1/rules', { body }), (rule) => sayRules([rule]));
}

export async function switchRule(context: Context, id: string, enabled: boolean): Promise<void> {
  const rule = await context.api.json<Rule>('PATCH', `/api/v1/rules/${id}`, { body: { enabled } });
  context.show(rule, () => sayRules([rule]));
}

export async function deleteRule(context: Context, id: string): Promise<void> {
  await context.api.json('DELETE', `/api/v1/rules/${id}`);
  context.show({ id, deleted: true }, () => 'Deleted. What it has recorded stays.\n');
}

function sayRules(items: readonly Rule[]): string {
  if (items.length === 0) return 'There are no rules.\n';
  return table(
    ['ID', 'ON', 'NAME', 'ROOMS', 'IDENTITIES', 'KEPT'],
    items.map(({ id, enabled, name, roomPattern, identityPattern, retainDays }) => [
      id,
      enabled ? 'yes' : 'no',
      name,
      roomPattern,
      identityPattern,
      retainDays === null ? '' : `${retainDays} d`,
    ]),
  );
}
