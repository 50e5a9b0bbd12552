/**
 * How much media a segment holds, and so how much a kill can cost: with its machine a segment goes that is being made, and one that
 * is on its way to the store. At most 2 s are promised for both: a quarter of a second of it is for the way.
 */
export const SEGMENT_MS = 1_750;
