'use client';

import { type FormEvent, useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import type { CreateRuleRequest, Rule } from '../../_control/api.ts';
import { ApiProblem, callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { RuleFields } from './rule-fields.tsx';

interface RuleDialogProps {
  /** Null: a new one. */
  rule: Rule | null;
  open: boolean;
  onOpenChange(open: boolean): void;
  onSaved(rule: Rule): void;
}

export function RuleDialog({ rule, open, onOpenChange, onSaved }: RuleDialogProps) {
  const [errors, setErrors] = useState<Record<string, string>>({});

  const form = useRef<HTMLFormElement>(null);

  // On a phone the field that is wrong may be out of sight.
  useEffect(() => {
    if (Object.keys(errors).length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [errors]);

  const save = useAction(async (fields: CreateRuleRequest) => {
    setErrors({});
    try {
      const saved = await (rule === null
        ? callApi<Rule>('POST', '/api/v1/rules', fields)
        : callApi<Rule>('PATCH', `/api/v1/rules/${rule.id}`, fields));
      onSaved(saved);
      onOpenChange(false);
      toast.success(rule === null ? 'Rule created' : 'Rule saved');
    } catch (error) {
      const messages = error instanceof ApiProblem ? error.fieldMessages() : {};
      if (Object.keys(messages).length === 0) throw error;
      setErrors(messages);
    }
  });

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    save.run(readRule(new FormData(event.currentTarget)));
  };

  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={rule === null ? 'New rule' : 'Edit rule'}>
      <form ref={form} onSubmit={submit} noValidate>
        <RuleFields rule={rule} errors={errors} />
        <div className="mt-5 flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" look="primary" pending={save.pending}>
            Save rule
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** As it was typed: the server judges, and its words come back next to the fields. */
function readRule(form: FormData): CreateRuleRequest {
  const retainDays = String(form.get('retainDays')).trim();
  return {
    name: String(form.get('name')),
    roomPattern: String(form.get('roomPattern')),
    identityPattern: String(form.get('identityPattern')),
    tracks: form.getAll('tracks').map(String) as CreateRuleRequest['tracks'],
    kinds: form.getAll('kinds').map(String) as CreateRuleRequest['kinds'],
    reconnectWindowMs: Math.round(Number(form.get('reconnectWindowS')) * 1000),
    undecodable: String(form.get('undecodable')) as CreateRuleRequest['undecodable'],
    retainDays: retainDays === '' ? null : Number(retainDays),
  };
}
