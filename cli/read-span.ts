import { CliError, exitCodes } from './cli-error.ts';

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `90s`, `5m`, `2h`, `7d` in milliseconds. */
export function readSpan(text: string): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (count === undefined) throw new CliError(exitCodes.usage, `"${text}" is no span: say it like 90s, 5m, 2h or 7d.`);
  return Number(count) * units[unit as keyof typeof units];
}
