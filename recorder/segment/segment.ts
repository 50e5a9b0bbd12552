import type { Container, Medium } from '../contract/media.ts';

/** A closed stretch of one medium: a complete small file in memory, ready for the spool. */
export interface Segment {
  medium: Medium;
  /** Counts from 1 within the medium, without a hole. */
  sequence: number;
  /** Counts from 1; another part has another header (tracks or codecs changed). */
  part: number;
  container: Container;
  /** In memory of the pool (storage/memory-pool.ts): whoever has it last gives it back. */
  bytes: Uint8Array;
  /** Length of the header at the start of `bytes`; what follows can be appended to an earlier segment of the part. */
  headerBytes: number;
  startMicros: number;
  endMicros: number;
  hasVideo: boolean;
}
