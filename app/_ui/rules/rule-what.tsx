'use client';

import { useFormContext } from 'react-hook-form';
import type { Rule } from '../../_control/api.ts';
import { Checkbox, Field, Select } from '../controls/field.tsx';
import { Panel } from '../controls/panel.tsx';
import { sourceNames } from '../recording/track-icon.tsx';
import { FieldsetError } from './fieldset-error.tsx';
import type { RuleValues } from './rule-form.tsx';

const sources: Rule['tracks'] = ['camera', 'microphone', 'screen_share', 'screen_share_audio'];

export function RuleWhat() {
  const {
    register,
    formState: { errors },
  } = useFormContext<RuleValues>();
  return (
    <Panel title="What is recorded">
      <div className="space-y-4 p-4">
        <fieldset>
          <legend className="mb-1 font-medium">Tracks</legend>
          <div className="grid grid-cols-2 gap-x-4 sm:grid-cols-4">
            {sources.map((source) => (
              <Checkbox key={source} value={source} {...register('tracks')}>
                {sourceNames[source]}
              </Checkbox>
            ))}
          </div>
          <FieldsetError message={errors.tracks?.message} />
        </fieldset>
        <Field
          label="Video after a packet was lost for good"
          error={errors.undecodable?.message}
          hint="Until the next keyframe a player cannot show it rightly. The loss is listed either way."
        >
          {(field) => (
            <Select {...field} {...register('undecodable')}>
              <option value="keep">Keep it, though it may smear</option>
              <option value="drop">Leave out what may smear</option>
            </Select>
          )}
        </Field>
      </div>
    </Panel>
  );
}
