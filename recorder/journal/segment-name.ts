import type { StoredSegment } from '../contract/media.ts';

type NamedSegment = Pick<StoredSegment, 'medium' | 'sequence' | 'container'>;

/** In the folder of its attempt's journal. Whatever knows a segment knows its file: nobody has to remember paths. */
export function segmentFileName(segment: NamedSegment): string {
  return `${segment.medium}-${numbered(segment)}`;
}

/** In the store. */
export function segmentKey(objectPrefix: string, segment: NamedSegment): string {
  return `${objectPrefix}${segment.medium}/${numbered(segment)}`;
}

function numbered({ sequence, container }: NamedSegment): string {
  return `${String(sequence).padStart(6, '0')}.${container}`;
}
