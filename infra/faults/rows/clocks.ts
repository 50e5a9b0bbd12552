/** The wall clock of a process jumps an hour either way. Media time and leases have clocks of their own. */
import type { Row } from '../row.ts';

const HOUR_MS = 3_600_000;
/** On SIGUSR2 the wall clock goes an hour ahead, on the next one two hours back. */
const shim = `
  const RealDate = Date;
  const steps = [${HOUR_MS}, ${-HOUR_MS}, 0];
  let offsetMs = 0;
  globalThis.Date = class Date extends RealDate {
    constructor(...parts) { if (parts.length === 0) super(RealDate.now() + offsetMs); else super(...parts); }
    static now() { return RealDate.now() + offsetMs; }
    static parse = RealDate.parse;
    static UTC = RealDate.UTC;
  };
  process.on('SIGUSR2', () => { offsetMs = steps.shift() ?? 0; });`;
const jumps = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(shim)}` };

export const clockRows: Row[] = [jumpsOf('worker'), jumpsOf('dashboard')];

function jumpsOf(part: 'worker' | 'dashboard'): Row {
  return {
    name: `wall clock of the ${part} jumps an hour ahead, then two back`,
    product: part === 'worker' ? { workerEnvironment: jumps } : { dashboardEnvironment: jumps },
    async run(scene) {
      const { product } = scene;
      const pid = part === 'worker' ? product.machine.pid : product.parts.dashboard.pid;
      const fromMs = Date.now();
      const subject = await scene.recorded();
      for (let turn = 0; turn < 2; turn++) {
        await scene.play(4000);
        process.kill(pid, 'SIGUSR2');
      }
      await scene.play(12_000);
      const attempts = await scene.epochOf(subject.id);
      if (part === 'dashboard') process.kill(pid, 'SIGUSR2');
      await product.api.stopRecording(subject.id);
      const ended = await product.api.until(subject.id, ({ status }) => status === 'ready', 40_000, 'a finished file');
      return (history) => {
        const verdict = scene.whole(history, subject);
        if (attempts !== 1) verdict.problems.push(`A lease was lost: this was attempt ${attempts}.`);
        const video = scene.fileOf(history, subject.id)?.loss?.video;
        const sentMs = video ? video.lastMs - video.firstMs : 0;
        if (Math.abs(ended.durationMs - sentMs) > 1000) {
          verdict.problems.push(`It says ${ended.durationMs} ms, and ${sentMs.toFixed(0)} ms were sent.`);
        }
        const startOffMs = Math.abs(new Date(ended.startedAt ?? 0).getTime() - fromMs);
        if (startOffMs > 60_000) verdict.problems.push(`It says it began at ${ended.startedAt}.`);
        return verdict;
      };
    },
  };
}
