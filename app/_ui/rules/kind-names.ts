import type { Rule } from '../../_control/api.ts';

type Kind = Rule['kinds'][number];

/** As LiveKit tells participants apart. */
export const kindNames: readonly { kind: Kind; name: string }[] = [
  { kind: 'standard', name: 'People' },
  { kind: 'sip', name: 'Phone calls' },
  { kind: 'agent', name: 'Agents' },
  { kind: 'ingress', name: 'Ingress streams' },
  { kind: 'egress', name: 'Egress' },
  { kind: 'connector', name: 'Connectors' },
];
