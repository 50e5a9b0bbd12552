/** The orders of the list of recordings. Pages know them too: nothing here may need a server. */
export const recordingSorts = ['newest', 'oldest', 'longest', 'largest', 'room'] as const;
export type RecordingSort = (typeof recordingSorts)[number];
