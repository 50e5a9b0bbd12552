/**
 * What all video payload formats share: which packets make one frame.
 *
 * A frame ends with the marker bit. Where the timestamp changes without one, it depends: NAL units tell their length, so
 * the frame is taken as whole; of the other codecs it was cut off by the server, which does that when it goes over to
 * another layer. That is a loss only if no keyframe follows. After a gap the frame in progress is incomplete, and the
 * next whole one says `afterLoss`. A frame over the size limit is malformed: memory is bounded whatever arrives.
 */
import type { RtpPacket } from '../rtp/rtp-packet.ts';
import type { Depacketizer, DepacketizerOutput, DropReason } from './depacketizer.ts';
import type { EncodedFrame } from './encoded-frame.ts';

/** A keyframe of 4K at the highest quality has about 2 MB. */
export const MOST_FRAME_BYTES = 16 * 1024 * 1024;

/** What the codec makes of the packets collected; a word says why there is no frame. */
export type FinishedFrame = Pick<EncodedFrame, 'data' | 'isKeyframe' | 'width' | 'height'> | DropReason;

export interface FrameBuilder {
  /** Takes the payload. False: malformed, or it cannot be where it is. */
  add(packet: RtpPacket, isFirst: boolean): boolean;
  readonly sizeBytes: number;
  /** Whether the last packet of a frame always has the marker bit. */
  readonly needsMarker: boolean;
  /** Gives the frame and starts over. */
  finish(): FinishedFrame;
  clear(): void;
}

export class VideoFrameCollector implements Depacketizer {
  readonly #codec: EncodedFrame['codec'];
  readonly #builder: FrameBuilder;
  readonly #output: DepacketizerOutput;
  #state: 'between' | 'collecting' | 'skipping' = 'between';
  #timestamp = 0;
  #receivedAtMicros = 0;
  #afterLoss = false;
  #afterCut = false;

  constructor(codec: EncodedFrame['codec'], builder: FrameBuilder, output: DepacketizerOutput) {
    this.#codec = codec;
    this.#builder = builder;
    this.#output = output;
  }

  push(packet: RtpPacket, afterGap: boolean): void {
    if (afterGap) {
      if (this.#state === 'collecting') this.#drop('incomplete');
      this.#state = 'between';
      this.#afterLoss = true;
    }
    if (packet.payload.length === 0) {
      this.#output.dropped('padding');
      return;
    }
    if (this.#state !== 'between' && packet.timestamp !== this.#timestamp) {
      if (this.#state === 'collecting') {
        if (this.#builder.needsMarker) this.#cutOff();
        else this.#finish();
      }
      this.#state = 'between';
    }
    const isFirst = this.#state === 'between';
    this.#timestamp = packet.timestamp;
    this.#receivedAtMicros = packet.receivedAtMicros;
    if (this.#state !== 'skipping') {
      this.#state = 'collecting';
      if (!this.#builder.add(packet, isFirst)) this.#drop(isFirst && this.#afterLoss ? 'incomplete' : 'malformed');
      else if (this.#builder.sizeBytes > MOST_FRAME_BYTES) this.#drop('malformed');
    }
    if (packet.marker) {
      if (this.#state === 'collecting') this.#finish();
      this.#state = 'between';
    }
  }

  abandonFrame(): void {
    this.#builder.clear();
    this.#state = 'between';
  }

  #finish(): void {
    const finished = this.#builder.finish();
    if (typeof finished === 'string') {
      if (finished !== 'server-filler') this.#afterLoss = true;
      this.#output.dropped(finished);
      return;
    }
    const afterLoss = this.#afterLoss || (this.#afterCut && !finished.isKeyframe);
    this.#afterLoss = false;
    this.#afterCut = false;
    this.#output.frame({
      codec: this.#codec,
      rtpTimestamp: this.#timestamp,
      data: finished.data,
      isKeyframe: finished.isKeyframe,
      width: finished.width,
      height: finished.height,
      afterLoss,
      receivedAtMicros: this.#receivedAtMicros,
    });
  }

  #cutOff(): void {
    this.#builder.clear();
    this.#afterCut = true;
    this.#output.dropped('cut-off');
  }

  #drop(reason: DropReason): void {
    this.#builder.clear();
    this.#state = 'skipping';
    this.#afterLoss = true;
    this.#output.dropped(reason);
  }
}
