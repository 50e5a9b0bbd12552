/** LiveKit or the way to it goes; the participant goes and comes back. */
import type { CreateRuleRequest } from '../../../app/_control/api.ts';
import { longestHole } from '../loss.ts';
import type { Row } from '../row.ts';
import { seconds } from '../scene.ts';

export const livekitRows: Row[] = [
  {
    name: 'LiveKit killed and started again',
    async run(scene) {
      const { product } = scene;
      const subject = await scene.recorded();
      await scene.play(4000);
      const atMs = performance.now();
      await product.parts.livekit.kill();
      await product.startLiveKit();
      await subject.participant.leave();
      await subject.participant.joinAndPublish();
      await scene.play(12_000);
      const { status } = await product.api.recording(subject.id);
      await product.api.stopRecording(subject.id);
      return (history) => {
        const verdict = scene.afterKills(history, subject, [atMs], { againWithinMs: 20_000 });
        if (status !== 'recording') verdict.problems.push(`It did not go on by itself: ${status}.`);
        return { ...verdict, problems: [...verdict.problems, ...oneRecording(history)] };
      };
    },
  },
  {
    name: 'network of the recorder gone for 10 s',
    product: { breaksNetwork: true },
    async run(scene) {
      const { media, signalling, control, storePath } = scene.product.parts;
      const subject = await scene.recorded();
      await scene.play(4000);
      const atMs = performance.now();
      if (media) media.isCut = true;
      for (const path of [signalling, control, storePath]) path?.set({ swallows: true });
      await scene.play(10_000);
      if (media) media.isCut = false;
      for (const path of [signalling, control, storePath]) path?.set({});
      await scene.play(12_000);
      await scene.product.api.stopRecording(subject.id);
      return (history) => {
        const verdict = scene.afterKills(history, subject, [atMs], { againWithinMs: 25_000 });
        return { ...verdict, problems: [...verdict.problems, ...oneRecording(history)] };
      };
    },
  },
  comesBack({ name: 'participant comes back inside the window', windowMs: 20_000, awayMs: 4000, recordings: 1 }),
  comesBack({ name: 'participant comes back outside the window', windowMs: 2000, awayMs: 7000, recordings: 2 }),
];

export function ruleFor(room: string, reconnectWindowMs = 2000): CreateRuleRequest {
  return { name: `everybody in ${room}`, roomPattern: room, identityPattern: '*', reconnectWindowMs };
}

function comesBack(plan: { name: string; windowMs: number; awayMs: number; recordings: number }): Row {
  return {
    name: plan.name,
    async run(scene) {
      const room = 'comes-back';
      await scene.product.api.createRule(ruleFor(room, plan.windowMs));
      const { participant } = await scene.publishing(room);
      const first = await scene.product.api.untilInRoom(room, (r) => r.status === 'recording', 20_000, 'a recording');
      scene.shows.set(first.id, participant);
      await scene.play(4000);
      await participant.leave();
      await scene.play(plan.awayMs);
      await participant.joinAndPublish();
      scene.participants.add(participant);
      await scene.play(6000);
      return (history) => {
        const ids = new Set(history.recordings.map(({ row }) => row.id));
        const problems = [...ids].flatMap((id) => scene.readyProblems(history, id));
        if (ids.size !== plan.recordings) problems.push(`There are ${ids.size} recordings, not ${plan.recordings}.`);
        const loss = scene.fileOf(history, first.id)?.loss;
        const hole = loss && longestHole(loss);
        return { lost: 'nothing', recovered: hole ? `away for ${seconds(hole.toMs - hole.fromMs)}` : '–', problems };
      };
    },
  };
}

function oneRecording({ recordings }: { recordings: readonly { row: { id: string } }[] }): string[] {
  const ids = new Set(recordings.map(({ row }) => row.id));
  return ids.size === 1 ? [] : [`There are ${ids.size} recordings of one story.`];
}
