import type { Codec } from '../contract/media.ts';

/** What a payload type of an m-line means. */
export type PayloadFormat =
  | { kind: 'media'; codec: Codec; clockRate: number; channels?: number }
  /** Retransmissions of packets with another payload type (RFC 4588). */
  | { kind: 'rtx'; mediaPayloadType: number }
  /** Redundant audio (RFC 2198): its blocks name payload types of their own. */
  | { kind: 'red' };

export type PayloadFormats = ReadonlyMap<number, PayloadFormat>;
