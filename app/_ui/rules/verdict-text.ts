import type { refusals } from '../../_control/judge-rule.ts';
import { shortText } from '../text/visible-text.ts';

/** What a rule would do with somebody, in a sentence. */
export function verdictText(because: (typeof refusals)[number] | null, earlierName: string | undefined): string {
  switch (because) {
    case null:
      return 'Would be recorded.';
    case 'room':
      return 'The room pattern does not match.';
    case 'identity':
      return 'The identity pattern does not match.';
    case 'kind':
      return 'This kind of participant is not ticked.';
    case 'metadata':
      return 'The metadata does not match.';
    case 'cannot-publish':
      return 'May not publish, so there is nothing to record.';
    case 'earlier':
      return `The rule “${shortText(earlierName ?? '', 40)}” comes first and records them.`;
    case 'off':
      return 'Would be recorded if the rule were on.';
  }
}
