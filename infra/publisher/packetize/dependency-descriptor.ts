/**
 * The dependency descriptor of a stream with one spatial and one temporal layer (AV1 RTP specification, appendix A): the
 * header extension by which a server knows keyframes and layers without reading the codec.
 *
 * The structure, sent with keyframes, has one decode target protected by one chain, and two templates: 0 refers to
 * nothing (a keyframe), 1 to the frame before.
 */
import { BitWriter } from './bit-writer.ts';

export interface DescribedPacket {
  isKeyframe: boolean;
  isFirst: boolean;
  isLast: boolean;
  /** 16 bits; grows by one with every frame. */
  frameNumber: number;
  width: number;
  height: number;
}

const NEXT_SAME_LAYER = 0;
const NO_MORE_TEMPLATES = 3;
/** Decode target indication: a decoder may start or switch here. */
const SWITCH = 2;

export function dependencyDescriptor(packet: DescribedPacket): Uint8Array {
  const writer = new BitWriter()
    .write(packet.isFirst ? 1 : 0, 1)
    .write(packet.isLast ? 1 : 0, 1)
    .write(packet.isKeyframe ? 0 : 1, 6)
    .write(packet.frameNumber, 16);
  // The structure is sent with the first packet of a keyframe only.
  if (!packet.isKeyframe || !packet.isFirst) return writer.bytes();
  // Structure present; active decode targets, custom DTIs, frame distances and chains are not.
  writer.write(0b10000, 5);
  writer.write(0, 6).write(0, 5); // template_id_offset, dt_cnt_minus_one
  writer.write(NEXT_SAME_LAYER, 2).write(NO_MORE_TEMPLATES, 2);
  writer.write(SWITCH, 2).write(SWITCH, 2);
  writer.write(0, 1); // template 0 refers to nothing
  writer.write(1, 1).write(0, 4).write(0, 1); // template 1 to the frame one before, and no more
  writer.write(1, 1); // chain_cnt is 1, ns(2)
  // decode_target_protected_by, ns(1), has no bits.
  writer.write(0, 4).write(1, 4); // distance to the previous frame of the chain, by template
  writer.write(1, 1); // resolutions follow
  writer.write(packet.width - 1, 16).write(packet.height - 1, 16);
  return writer.bytes();
}
