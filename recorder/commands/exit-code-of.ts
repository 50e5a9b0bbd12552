import { type ExitCode, exitCodes } from '../contract/exit-codes.ts';
import type { Fault, Outcome } from '../contract/report.ts';

const byFault: Record<Fault, ExitCode> = {
  // It sent nothing that can be recorded.
  publisher: exitCodes.absent,
  destination: exitCodes.destination,
  livekit: exitCodes.livekit,
  system: exitCodes.system,
};

export function exitCodeOf(outcome: Outcome): ExitCode {
  if (outcome.kind === 'finished') return exitCodes.finished;
  if (outcome.kind === 'absent') return exitCodes.absent;
  return byFault[outcome.fault];
}
