/** The store goes, in every way. What is recorded waits in the spool, is caught up, and has the right hash. */
import { poll } from '../product-client.ts';
import type { Row } from '../row.ts';
import type { Scene } from '../scene.ts';

interface StoreFault {
  name: string;
  ms: number;
  isShort?: boolean;
  begin(scene: Scene): void;
  /** The status must say so while it lasts. */
  isTold: boolean;
}

function throughFault({ name, ms, isShort, begin, isTold }: StoreFault): Row {
  return {
    name,
    isShort,
    async run(scene) {
      const { storePath, storeHttp } = scene.product.parts;
      const subject = await scene.recorded();
      await scene.play(2000);
      begin(scene);
      const until = performance.now() + ms;
      const told = await poll(ms, async () => {
        const { stats } = await scene.product.api.recording(subject.id);
        return stats?.uploadTrouble?.message;
      });
      await scene.play(until - performance.now());
      const healMs = performance.now();
      storePath?.set({});
      storeHttp?.answerWith(undefined);
      const caughtUp = await poll(60_000, async () => {
        const { stats } = await scene.product.api.recording(subject.id);
        return stats && stats.segmentsPending <= 1 && !stats.uploadTrouble ? true : undefined;
      });
      const caughtUpMs = performance.now() - healMs;
      await scene.play(2000);
      await scene.product.api.stopRecording(subject.id);
      return (history) => {
        const verdict = scene.whole(history, subject);
        if (scene.checksDeadlines && isTold && told === undefined)
          verdict.problems.push('The status did not say that uploads fail.');
        if (!caughtUp) verdict.problems.push('Uploads did not catch up within 60 s.');
        return { ...verdict, recovered: `caught up in ${(caughtUpMs / 1000).toFixed(1)} s` };
      };
    },
  };
}

export const storeRows: Row[] = [
  throughFault({
    name: 'store down for 60 s',
    ms: 60_000,
    isTold: true,
    begin: ({ product }) => {
      product.parts.storePath?.set({ refuses: true });
      product.parts.storePath?.cut();
    },
  }),
  throughFault({
    name: 'store down for 8 s',
    ms: 8000,
    isShort: true,
    isTold: true,
    begin: ({ product }) => {
      product.parts.storePath?.set({ refuses: true });
      product.parts.storePath?.cut();
    },
  }),
  throughFault({
    name: 'store half-open for 25 s',
    ms: 25_000,
    isTold: false,
    begin: ({ product }) => product.parts.storePath?.set({ swallows: true }),
  }),
  throughFault({
    name: 'store slow: 60 kB/s for 20 s',
    ms: 20_000,
    isTold: false,
    begin: ({ product }) => product.parts.storePath?.set({ bytesPerSecond: 60_000, delayMs: 300 }),
  }),
  throughFault({
    name: 'store answers 500 for 15 s',
    ms: 15_000,
    isTold: true,
    begin: ({ product }) => product.parts.storeHttp?.answerWith(500),
  }),
  throughFault({
    name: 'store answers 403 for 15 s',
    ms: 15_000,
    isTold: true,
    begin: ({ product }) => product.parts.storeHttp?.answerWith(403),
  }),
  throughFault({
    name: 'store connection cut in the body, for 12 s',
    ms: 12_000,
    isTold: true,
    begin: ({ product }) => product.parts.storePath?.set({ cutAfterBytes: 30_000 }),
  }),
];
