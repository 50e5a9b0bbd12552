const dayMs = 86_400_000;

export const lifetimes = [
  { value: 'day', label: '1 day', ms: dayMs },
  { value: 'week', label: '7 days', ms: 7 * dayMs },
  { value: 'month', label: '30 days', ms: 30 * dayMs },
  { value: 'never', label: 'Never', ms: null },
  { value: 'date', label: 'On a day…', ms: null },
] as const;
export type Lifetime = (typeof lifetimes)[number]['value'];
