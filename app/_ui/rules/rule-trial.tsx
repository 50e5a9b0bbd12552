'use client';

import { useState } from 'react';
import { useFormContext, useWatch } from 'react-hook-form';
import type { Rule } from '../../_control/api.ts';
import { judgeRule, rulesBefore } from '../../_control/judge-rule.ts';
import type { JudgedParticipant } from '../../_control/match-rule.ts';
import { Field, Input, Select } from '../controls/field.tsx';
import { Panel } from '../controls/panel.tsx';
import { kindNames } from './kind-names.ts';
import { LiveVerdicts } from './live-verdicts.tsx';
import type { RuleValues } from './rule-form.tsx';
import { VerdictLine } from './verdict-line.tsx';

interface RuleTrialProps {
  rules: readonly Rule[];
  /** Of the one that is being changed. */
  ruleId: string | null;
}

/** What the rule would do as it stands in the form: with who is there now, and with somebody who is only named. */
export function RuleTrial({ rules, ruleId }: RuleTrialProps) {
  const { control } = useFormContext<RuleValues>();
  const values = useWatch({ control }) as RuleValues;
  const before = rulesBefore(rules, ruleId);
  const judge = (room: string, participant: JudgedParticipant) => judgeRule(values, before, room, participant);
  return (
    <div className="space-y-4">
      <Panel title="Would record now">
        <LiveVerdicts judge={judge} />
      </Panel>
      <Panel title="Try a name">
        <NamedTrial judge={judge} />
      </Panel>
    </div>
  );
}

export type Judge = (room: string, participant: JudgedParticipant) => ReturnType<typeof judgeRule<Rule>>;

function NamedTrial({ judge }: { judge: Judge }) {
  const [room, setRoom] = useState('');
  const [identity, setIdentity] = useState('');
  const [kind, setKind] = useState<JudgedParticipant['kind']>('standard');
  const [metadata, setMetadata] = useState('');
  const verdict =
    room === '' || identity === ''
      ? undefined
      : judge(room, { identity, kind, metadata, canPublish: true, tracks: [] });
  return (
    <div className="space-y-3 p-4">
      <div className="grid grid-cols-2 gap-3">
        <Field label="In the room">
          {(field) => (
            <Input
              {...field}
              value={room}
              onChange={(event) => setRoom(event.target.value)}
              placeholder="interview-1"
              autoCapitalize="off"
              spellCheck={false}
            />
          )}
        </Field>
        <Field label="Somebody called">
          {(field) => (
            <Input
              {...field}
              value={identity}
              onChange={(event) => setIdentity(event.target.value)}
              placeholder="ann"
              autoCapitalize="off"
              spellCheck={false}
            />
          )}
        </Field>
        <Field label="Who is">
          {(field) => (
            <Select
              {...field}
              value={kind}
              onChange={(event) => setKind(event.target.value as JudgedParticipant['kind'])}
            >
              {kindNames.map(({ kind: each, name }) => (
                <option key={each} value={each}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="With metadata">
          {(field) => (
            <Input
              {...field}
              value={metadata}
              onChange={(event) => setMetadata(event.target.value)}
              placeholder='{"team":"blue"}'
              className="font-mono"
              autoCapitalize="off"
              spellCheck={false}
            />
          )}
        </Field>
      </div>
      <p role="status" className="min-h-5">
        {verdict === undefined ? (
          <span className="text-ink-faint">Type a room and a name to see what the rule would do.</span>
        ) : (
          <VerdictLine verdict={verdict} />
        )}
      </p>
    </div>
  );
}
