/** Rows with publishers that people use. They cost what encoding costs: the short ones are those nothing else can make. */
import type { PagePlan } from './chromium/publisher-page.ts';
import type { EncoderCase } from './record-encoder.ts';

const FRAMES = 40;

function chromium(name: string, plan: Partial<PagePlan> & Pick<PagePlan, 'codec'>, frames = FRAMES): EncoderCase {
  return { name, frames, publisher: { kind: 'chromium', plan } };
}

/** Three spatial layers need a picture of this size. */
const layered = { width: 960, height: 540, framesPerSecond: 15 } as const;
const spatial = (codec: 'vp9' | 'av1', scalabilityMode: PagePlan['scalabilityMode']) =>
  chromium(`${codec.toUpperCase()} ${scalabilityMode}`, { codec, scalabilityMode, ...layered });

export const shortEncoderCases: EncoderCase[] = [
  spatial('vp9', 'L3T3_KEY'),
  spatial('av1', 'L3T3_KEY'),
  chromium('VP8, simulcast', { codec: 'vp8', simulcast: true, ...layered }),
  chromium('H.264, sound without RED and with DTX', { codec: 'h264', red: false, dtx: true }),
  chromium('the page itself as a screen', { codec: 'vp8', screen: 'display' }),
  { name: 'VP8 of rtc-node', frames: FRAMES, publisher: { kind: 'rtc-node', codec: 'vp8', seconds: 4 } },
];

export const longEncoderCases: EncoderCase[] = [
  ...(['L1T1', 'L1T2', 'L1T3', 'L2T1', 'L2T2', 'L2T3', 'L2T3_KEY', 'L3T1', 'L3T2', 'L3T3'] as const).flatMap((mode) => [
    spatial('vp9', mode),
    spatial('av1', mode),
  ]),
  chromium('VP9, 720p for 30 s', { codec: 'vp9', width: 1280, height: 720, scalabilityMode: 'L3T3_KEY' }, 600),
  chromium('VP8, 360p for 30 s', { codec: 'vp8' }, 600),
  ...(['vp8', 'vp9', 'h264', 'av1'] as const).map(
    (codec): EncoderCase => ({
      name: `${codec} of rtc-node for 10 s`,
      frames: 200,
      publisher: { kind: 'rtc-node', codec, seconds: 10 },
    }),
  ),
  {
    name: 'VP8 of rtc-node, simulcast',
    frames: 200,
    publisher: { kind: 'rtc-node', codec: 'vp8', seconds: 10, simulcast: true },
  },
];
