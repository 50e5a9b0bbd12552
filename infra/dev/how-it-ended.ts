import type { Child, ChildEnd } from './child-process.ts';

/** What V8 says last when the heap is full, or the system gives it no more. */
const outOfMemory = /FATAL ERROR: .*(out of memory|OOM|Allocation failed)/i;

/** As many as V8 may list behind it. */
const STACK_LINES = 100;

/** For a person, and for the process that comes next: "killed by SIGKILL". */
export function howItEnded(child: Pick<Child, 'tail'>, { code, signal, isOutOfMemory }: ChildEnd): string {
  if (outOfMemory.test(child.tail(STACK_LINES))) return 'ran out of memory';
  if (isOutOfMemory) return 'killed by the system, which ran out of memory or let it have no more';
  if (signal === 'SIGKILL') return 'killed by SIGKILL, which is also what the system does when memory runs out';
  return signal ? `killed by ${signal}` : `exit code ${code}`;
}
