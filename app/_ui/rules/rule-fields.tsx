'use client';

import { useState } from 'react';
import type { Rule } from '../../_control/api.ts';
import { Checkbox, Field, Input, Select } from '../controls/field.tsx';
import { sourceNames } from '../recording/track-icon.tsx';
import { LiveMatches } from './live-matches.tsx';

interface RuleFieldsProps {
  rule: Rule | null;
  /** By the field's name in the API. */
  errors: Readonly<Record<string, string>>;
}

const sources: Rule['tracks'] = ['camera', 'microphone', 'screen_share', 'screen_share_audio'];
const kinds: { value: Rule['kinds'][number]; label: string }[] = [
  { value: 'standard', label: 'People' },
  { value: 'sip', label: 'Phone calls' },
  { value: 'agent', label: 'Agents' },
  { value: 'ingress', label: 'Ingress streams' },
];

export function RuleFields({ rule, errors }: RuleFieldsProps) {
  const [roomPattern, setRoomPattern] = useState(rule?.roomPattern ?? '*');
  const [identityPattern, setIdentityPattern] = useState(rule?.identityPattern ?? '*');
  const wanted = rule?.tracks ?? sources;
  const wantedKinds = rule?.kinds ?? ['standard'];
  return (
    <div className="space-y-4">
      <Field label="Name" error={errors.name}>
        {(control) => (
          <Input
            {...control}
            name="name"
            maxLength={200}
            autoComplete="off"
            placeholder="Interviews"
            defaultValue={rule?.name}
          />
        )}
      </Field>
      <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
        <Field label="Room pattern" error={errors.roomPattern}>
          {(control) => (
            <Input
              {...control}
              name="roomPattern"
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              value={roomPattern}
              onChange={(event) => setRoomPattern(event.target.value)}
              className="font-mono"
            />
          )}
        </Field>
        <Field label="Identity pattern" error={errors.identityPattern}>
          {(control) => (
            <Input
              {...control}
              name="identityPattern"
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              value={identityPattern}
              onChange={(event) => setIdentityPattern(event.target.value)}
              className="font-mono"
            />
          )}
        </Field>
      </div>
      <LiveMatches roomPattern={roomPattern} identityPattern={identityPattern} />
      <fieldset>
        <legend className="mb-1 font-medium">Record these tracks</legend>
        <div className="grid grid-cols-2 gap-x-4">
          {sources.map((source) => (
            <Checkbox key={source} name="tracks" value={source} defaultChecked={wanted.includes(source)}>
              {sourceNames[source]}
            </Checkbox>
          ))}
        </div>
        <FieldsetError message={errors.tracks} />
      </fieldset>
      <fieldset>
        <legend className="mb-1 font-medium">Of these participants</legend>
        <div className="grid grid-cols-2 gap-x-4">
          {kinds.map((kind) => (
            <Checkbox
              key={kind.value}
              name="kinds"
              value={kind.value}
              defaultChecked={wantedKinds.includes(kind.value)}
            >
              {kind.label}
            </Checkbox>
          ))}
        </div>
        <FieldsetError message={errors.kinds} />
      </fieldset>
      <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
        <Field
          label="Reconnect window, seconds"
          error={errors.reconnectWindowMs}
          hint="Away for less than this, and it stays one recording. 0 to 300."
        >
          {(control) => (
            <Input
              {...control}
              name="reconnectWindowS"
              type="number"
              inputMode="numeric"
              min={0}
              max={300}
              defaultValue={(rule?.reconnectWindowMs ?? 30_000) / 1000}
            />
          )}
        </Field>
        <Field
          label="Keep for days"
          error={errors.retainDays}
          hint="Empty: as this installation is set, or until somebody deletes them."
        >
          {(control) => (
            <Input
              {...control}
              name="retainDays"
              type="number"
              inputMode="numeric"
              min={1}
              defaultValue={rule?.retainDays ?? ''}
            />
          )}
        </Field>
      </div>
      <Field
        label="Video after a packet was lost for good"
        error={errors.undecodable}
        hint="Until the next keyframe a player cannot show it rightly. The loss is listed either way."
      >
        {(control) => (
          <Select {...control} name="undecodable" defaultValue={rule?.undecodable ?? 'keep'}>
            <option value="keep">Keep it, even if the picture smears</option>
            <option value="drop">Leave it out until the picture is whole again</option>
          </Select>
        )}
      </Field>
    </div>
  );
}

function FieldsetError({ message }: { message: string | undefined }) {
  return message === undefined ? null : <p className="mt-1 text-xs text-live-ink first-letter:uppercase">{message}</p>;
}
