/**
 * What a receiver needs of the dependency descriptor, a header extension (AV1 RTP specification, appendix A): the structure of
 * layers comes with the first packet of a coded video sequence, and with no other.
 */

/** start_of_frame, end_of_frame, frame_dependency_template_id, frame_number. */
const MANDATORY_BYTES = 3;
const START_OF_FRAME = 0x80;
/** First of the extended fields. */
const STRUCTURE_PRESENT = 0x80;

export const dependencyDescriptorUri =
  'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension';

/** The frame begins here, and with it a coded video sequence: it is a keyframe. */
export function beginsSequence(descriptor: Uint8Array | undefined): boolean {
  if (!descriptor || descriptor.length <= MANDATORY_BYTES) return false;
  return (
    ((descriptor[0] ?? 0) & START_OF_FRAME) !== 0 && ((descriptor[MANDATORY_BYTES] ?? 0) & STRUCTURE_PRESENT) !== 0
  );
}
