import { expect, test } from 'vitest';
import { LiveKitModel, type ModelOptions } from './testing/livekit-model.ts';

const SECONDS = 120;

function received(options: ModelOptions, seconds = SECONDS) {
  const model = new LiveKitModel(options);
  model.run(seconds);
  return model;
}

const paths: [string, ModelOptions][] = [
  ['1 % loss', { loss: 0.01 }],
  ['5 % loss', { loss: 0.05 }],
  ['10 % loss', { loss: 0.1 }],
  ['5 % loss in bursts', { loss: 0.05, burstPackets: 5 }],
  ['10 % loss in bursts', { loss: 0.1, burstPackets: 5 }],
  ['5 % loss of packets and of requests', { loss: 0.05, requestLoss: 0.05 }],
  ['5 % loss next door', { loss: 0.05, delayMs: 0.2 }],
  ['5 % loss, 100 ms away', { loss: 0.05, delayMs: 100 }],
  ['5 % loss, 250 ms away', { loss: 0.05, delayMs: 250, packetsPerFrame: 3 }],
  ['50 ms of jitter', { jitterMs: 50 }],
  ['5 % loss, 50 ms of jitter, 2 % doubled', { loss: 0.05, jitterMs: 50, duplication: 0.02 }],
  ['10 % loss, 50 ms of jitter, 10 % of requests lost', { loss: 0.1, jitterMs: 50, requestLoss: 0.1 }],
];

test.each(paths)('%s: no frame is missing but those the server cannot bring', { timeout: 60_000 }, (_name, options) => {
  const model = received(options);
  expect(model.framesDelivered.length).toBeGreaterThan(model.framesSent * 0.99);
  expect(model.framesMissing).toEqual(model.framesHopeless);
});

test.each<[string, ModelOptions]>([
  ['every 2 s', { keyframeIntervalFrames: 60 }],
  ['once', {}],
])('5 %% loss, keyframes %s and requests ignored: the same', { timeout: 60_000 }, (_name, options) => {
  // As long as chance leaves something to hope for: the first frame that is hopeless is a reason to ask.
  const model = received({ seed: 3, loss: 0.05, answersKeyframeRequests: false, ...options }, 50);
  expect(model.framesHopeless).toEqual([]);
  expect(model.framesMissing).toEqual([]);
  expect(model.keyframeRequests).toBe(0);
});
