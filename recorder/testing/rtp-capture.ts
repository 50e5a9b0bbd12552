/**
 * Packets of one RTP stream as LiveKit sent them to a recorder, kept as a fixture: a line of JSON about the stream, then one
 * packet a line in base64. Written by infra/matrix/capture-rtp.ts.
 */
import { z } from 'zod';
import { codecSchema } from '../contract/media.ts';

const formatSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('media'), codec: codecSchema, clockRate: z.number(), channels: z.number().optional() }),
  z.object({ kind: z.literal('rtx'), mediaPayloadType: z.number() }),
  z.object({ kind: z.literal('red') }),
]);

const headSchema = z.object({
  /** Who published what. */
  about: z.string(),
  kind: z.enum(['video', 'audio']),
  ssrc: z.number(),
  dependencyDescriptorId: z.number().optional(),
  /** By payload type. */
  formats: z.array(z.tuple([z.number(), formatSchema])),
});

export type RtpCaptureHead = z.infer<typeof headSchema>;

export interface RtpCapture extends RtpCaptureHead {
  packets: Buffer[];
}

export function writeRtpCapture({ packets, ...head }: RtpCapture): string {
  return [JSON.stringify(head), ...packets.map((packet) => packet.toString('base64'))]
    .map((line) => `${line}\n`)
    .join('');
}

export function readRtpCapture(text: string): RtpCapture {
  const [head = '', ...packets] = text.trimEnd().split('\n');
  return { ...headSchema.parse(JSON.parse(head)), packets: packets.map((line) => Buffer.from(line, 'base64')) };
}
