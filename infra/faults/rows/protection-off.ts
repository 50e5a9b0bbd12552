/** What a protection is worth: without it the check that passes elsewhere must fail, or it checks nothing. */
import { rm } from 'node:fs/promises';
import type { Outcome } from '../../../recorder/contract/report.ts';
import { forgeReport } from '../forge-report.ts';
import type { Row } from '../row.ts';
import { ruleFor } from './livekit.ts';
import { once } from './webhooks.ts';
import { harmOf } from './zombie.ts';

/** Of each webhook. */
const DELIVERIES = 8;
const lastWord: Outcome = {
  kind: 'failed',
  reason: 'livekit.refused',
  message: 'It was asked to leave.',
  fault: 'livekit',
  retryable: false,
};

export const protectionOffRows: Row[] = [
  {
    name: 'without the fence: the check of a woken recorder fails',
    product: { machines: 2 },
    async run(scene) {
      const { product } = scene;
      const subject = await scene.recorded();
      await scene.play(3000);
      const givenUp = await scene.newestAttempt(subject);
      await (await scene.holderOf(subject)).powerOff();
      await scene.untilRecordingAgain(subject, givenUp.epoch, 40_000);
      const status = async () => (await product.api.recording(subject.id)).status;
      await forgeReport(product, givenUp, lastWord);
      const fenced = await status();
      // The same words past the fence: as if of the attempt that records.
      await forgeReport(product, await scene.newestAttempt(subject), lastWord);
      const unfenced = await status();
      return () => {
        const isFelt = harmOf(unfenced).length > 0;
        const problems = isFelt ? harmOf(fenced) : ['The harm was not noticed.', ...harmOf(fenced)];
        return { lost: 'the rest of it', recovered: 'as it must be', problems };
      };
    },
  },
  {
    name: 'without dedupe: the check for doubled recordings fails',
    async run(scene) {
      const { webhooks, database } = scene.product.parts;
      await database.sql`drop index recordings_one_active`;
      await database.sql`alter table webhook_events drop constraint webhook_events_pkey`;
      webhooks.onWebhook = (webhook) =>
        Promise.all(Array.from({ length: DELIVERIES }, () => webhooks.deliver(webhook)));
      await scene.product.api.createRule(ruleFor('doubled-*'));
      const rooms = ['doubled-1', 'doubled-2', 'doubled-3'];
      for (const room of rooms) await scene.publishing(room);
      await scene.play(4000);
      return (history) => {
        const { problems } = once(scene, history, rooms.length);
        const isFelt = problems.some((problem) => /^There are \d+ recordings/.test(problem));
        const count = new Set(history.recordings.map(({ row }) => row.id)).size;
        return {
          lost: 'nothing',
          recovered: `as it must be: ${count} recordings of ${rooms.length} joins`,
          problems: isFelt ? [] : ['The doubled ones were not noticed.'],
        };
      };
    },
  },
  {
    name: 'without the journal: the check for lost media fails',
    async run(scene) {
      const { product } = scene;
      const subject = await scene.recorded();
      await scene.play(3000);
      product.parts.storePath?.set({ refuses: true });
      product.parts.storePath?.cut();
      await scene.play(8000);
      const epoch = await scene.epochOf(subject.id);
      const atMs = performance.now();
      // What a worker would recover from is gone when it starts again.
      await product.machine.powerOff();
      await rm(product.machine.spoolFolder, { recursive: true, force: true });
      product.parts.storePath?.set({});
      await product.machine.start();
      await scene.untilRecordingAgain(subject, epoch, 40_000);
      await scene.play(3000);
      await product.api.stopRecording(subject.id);
      return (history) => {
        const { lost, problems } = scene.afterKills(history, subject, [atMs], { againWithinMs: 40_000 });
        const isFelt = problems.some((problem) => /captured media are lost/.test(problem));
        return { lost, recovered: 'as it must be', problems: isFelt ? [] : ['The loss was not noticed.', ...problems] };
      };
    },
  },
];
