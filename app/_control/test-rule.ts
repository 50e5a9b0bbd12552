import { listRules } from '../../db/queries/list-rules.ts';
import type { Control } from './control.ts';
import { judgeRule, rulesBefore } from './judge-rule.ts';
import type { JudgedParticipant } from './match-rule.ts';
import type { RuleVerdict, TestRuleRequest } from './rules-api.ts';
import { ROOMS_REFRESH_MS } from './timing.ts';

/** Whom a rule would record, if it were saved as it is. */
export async function testRule(control: Control, request: TestRuleRequest): Promise<RuleVerdict[]> {
  const before = rulesBefore(await listRules(control.database.db), request.ruleId ?? null);
  return (await whomToJudge(control, request.participant)).map(({ room, participant }) => {
    const { because, earlier } = judgeRule(request.rule, before, room, participant);
    const { identity, kind } = participant;
    return { room, identity, kind, wouldRecord: because === null, because, earlierRuleId: earlier?.id ?? null };
  });
}

async function whomToJudge(
  control: Control,
  given: TestRuleRequest['participant'],
): Promise<{ room: string; participant: JudgedParticipant }[]> {
  if (given) return [{ room: given.room, participant: { ...given, canPublish: true, tracks: [] } }];
  const { rooms } = await control.rooms.recent(2 * ROOMS_REFRESH_MS);
  return rooms.flatMap((room) => room.participants.map((participant) => ({ room: room.name, participant })));
}
