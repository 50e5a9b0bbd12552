/** Webhooks are hints: whatever becomes of them, everybody whom a rule wants is recorded once. */
import { randomUUID } from 'node:crypto';
import { signWebhook } from '../../../app/_control/testing/sign-webhook.ts';
import type { History } from '../invariants.ts';
import type { Row, Verdict } from '../row.ts';
import { type Scene, seconds } from '../scene.ts';
import type { Webhook } from '../webhook-path.ts';
import { ruleFor } from './livekit.ts';

const FOUND_WITHIN_MS = 15_000;

export const webhookRows: Row[] = [
  {
    name: 'webhooks dropped, all of them',
    async run(scene) {
      const { webhooks } = scene.product.parts;
      webhooks.onWebhook = () => undefined;
      await scene.product.api.createRule(ruleFor('no-webhooks'));
      const { participant } = await scene.publishing('no-webhooks');
      const atMs = performance.now();
      const isRecording = ({ status }: { status: string }) => status === 'recording';
      const found = await scene.product.api.untilInRoom('no-webhooks', isRecording, 40_000, 'a recording');
      const tookMs = performance.now() - atMs;
      scene.shows.set(found.id, participant);
      await scene.play(3000);
      await participant.leave();
      return (history) => {
        const { problems } = once(scene, history, 1);
        if (scene.checksDeadlines && tookMs > FOUND_WITHIN_MS) problems.push(`It was found after ${seconds(tookMs)}.`);
        return { lost: 'nothing of the rest', recovered: `found after ${seconds(tookMs)}`, problems };
      };
    },
  },
  {
    name: 'webhooks late, doubled and in every order',
    async run(scene) {
      const { webhooks } = scene.product.parts;
      const orders = permutations([0, 1, 2]);
      const rooms = orders.map((_, index) => `order-${index}`);
      const held = new Map<string, Webhook[]>();
      // Of each room everything is held back until the story is over.
      webhooks.onWebhook = (webhook) => {
        held.set(webhook.room, [...(held.get(webhook.room) ?? []), webhook]);
        return undefined;
      };
      await scene.product.api.createRule(ruleFor('order-*'));
      const participants = await Promise.all(rooms.map(async (room) => (await scene.publishing(room)).participant));
      await scene.play(6000);
      await Promise.all(participants.map((participant) => participant.leave()));
      await scene.play(2000);
      await Promise.all(
        rooms.map(async (room, index) => {
          const story = ['participant_joined', 'track_published', 'participant_left'].map((event) =>
            held.get(room)?.find((webhook) => webhook.event === event),
          );
          for (const place of orders[index] ?? []) {
            const webhook = story[place];
            // Twice at the same time, and once more.
            if (webhook) await Promise.all([webhooks.deliver(webhook), webhooks.deliver(webhook)]);
            if (webhook) await webhooks.deliver(webhook);
          }
        }),
      );
      await scene.play(5000);
      const told = [...held.values()].flat().length;
      return (history) => {
        const verdict = once(scene, history, rooms.length);
        if (told < rooms.length * 3) verdict.problems.push(`LiveKit sent ${told} webhooks only: nothing was tried.`);
        return { ...verdict, recovered: `${orders.length} orders, ${told} webhooks` };
      };
    },
  },
  {
    name: 'webhooks forged and replayed',
    async run(scene) {
      const { webhooks, livekit } = scene.product.parts;
      await scene.product.api.createRule(ruleFor('forged-*'));
      const subject = await scene.recorded();
      const event = (room: string) =>
        JSON.stringify({
          event: 'participant_joined',
          id: `EV_${randomUUID()}`,
          room: { name: room, sid: 'RM_forged' },
          participant: { sid: `PA_${room}`, identity: 'mallory', permission: { canPublish: true } },
        });
      const forged = event('forged-1');
      const keys = { livekitApiKey: livekit.apiKey, livekitApiSecret: livekit.apiSecret };
      const other = await signWebhook(keys, event('forged-2'));
      const stranger = await signWebhook({ ...keys, livekitApiSecret: 'x'.repeat(32) }, forged);
      const statuses = await Promise.all(
        ['', 'Bearer nothing', other, stranger].map((authorization) =>
          webhooks.deliver({ body: Buffer.from(forged), authorization }),
        ),
      );
      const genuine = webhooks.seen.filter(({ room }) => room === subject.room);
      const replays: (number | undefined)[] = [];
      for (const webhook of [...genuine, ...genuine]) replays.push(await webhooks.deliver(webhook));
      await scene.play(3000);
      await scene.product.api.stopRecording(subject.id);
      return (history) => {
        const verdict = scene.whole(history, subject);
        if (statuses.some((status) => status !== 401)) verdict.problems.push(`Forged ones got ${statuses.join(', ')}.`);
        if (genuine.length === 0 || replays.some((status) => status !== 200)) {
          verdict.problems.push(`Replayed ones got ${replays.join(', ')}.`);
        }
        if (once(scene, history, 1).problems.length > 0) verdict.problems.push('A forged webhook began a recording.');
        return { ...verdict, recovered: `${statuses.length} refused, ${replays.length} ignored` };
      };
    },
  },
];

/** So many recordings, each ready. */
export function once(scene: Scene, history: History, count: number): Verdict {
  const ids = [...new Set(history.recordings.map(({ row }) => row.id))];
  const problems = ids.flatMap((id) => scene.readyProblems(history, id));
  if (ids.length !== count) problems.push(`There are ${ids.length} recordings, not ${count}.`);
  return { lost: 'nothing', recovered: '–', problems };
}

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}
