'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useRouter } from 'next/navigation';
import { FormProvider, useForm } from 'react-hook-form';
import { toast } from 'sonner';
import type { z } from 'zod';
import { createRuleRequestSchema, type Rule } from '../../_control/api.ts';
import { ApiProblem, callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Button, ButtonLink } from '../controls/button.tsx';
import { RuleHowLong } from './rule-how-long.tsx';
import { RuleTrial } from './rule-trial.tsx';
import { RuleWhat } from './rule-what.tsx';
import { RuleWho } from './rule-who.tsx';

/** What stands in the form is what is sent: the schema that judges it is the API's own. */
export type RuleValues = z.output<typeof createRuleRequestSchema>;

interface RuleFormProps {
  /** Null: a new one. */
  rule: Rule | null;
  rules: readonly Rule[];
}

export function RuleForm({ rule, rules }: RuleFormProps) {
  const router = useRouter();
  const form = useForm({
    resolver: zodResolver(createRuleRequestSchema),
    defaultValues: valuesOf(rule),
  });

  const save = useAction(async (values: RuleValues) => {
    try {
      await (rule === null
        ? callApi<Rule>('POST', '/api/v1/rules', values)
        : callApi<Rule>('PATCH', `/api/v1/rules/${rule.id}`, values));
    } catch (error) {
      const messages = error instanceof ApiProblem ? Object.entries(error.fieldMessages()) : [];
      if (messages.length === 0) throw error;
      for (const [path, message] of messages) form.setError(path.split('.')[0] as keyof RuleValues, { message });
      return;
    }
    toast.success(rule === null ? 'Rule created' : 'Rule saved');
    router.push('/rules');
    router.refresh();
  });

  return (
    <FormProvider {...form}>
      <form
        onSubmit={(event) => void form.handleSubmit((values) => save.run(values))(event)}
        noValidate
        className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_21rem]"
      >
        <div className="min-w-0 space-y-4">
          <RuleWho />
          <RuleWhat />
          <RuleHowLong />
        </div>
        <div className="min-w-0 lg:sticky lg:top-8">
          <RuleTrial rules={rules} ruleId={rule?.id ?? null} />
        </div>
        <div className="flex justify-end gap-2 border-line max-md:bottom-[3.75rem] max-lg:sticky max-lg:bottom-0 max-lg:-mx-4 max-lg:border-t max-lg:bg-canvas max-lg:px-4 max-lg:py-3">
          <ButtonLink href="/rules">Cancel</ButtonLink>
          <Button type="submit" look="primary" pending={save.pending}>
            Save rule
          </Button>
        </div>
      </form>
    </FormProvider>
  );
}

/** A new rule records everybody's media until somebody says otherwise. */
function valuesOf(rule: Rule | null): RuleValues {
  if (rule === null) {
    return { ...createRuleRequestSchema.parse({ name: '-', roomPattern: '*', identityPattern: '*' }), name: '' };
  }
  const { id: _, createdAt: __, ...values } = rule;
  return values;
}
