/**
 * How Node runs a recorder, wherever it runs. Measured with 12 recordings (`npm run bench -- density`): 153 MB without any of this,
 * 113 MB with it, at less CPU.
 */

export const recorderNodeFlags: readonly string[] = [
  // Packets are garbage at once. A small nursery is emptied often, so that their memory, which lies outside of it, is soon free.
  '--max-semi-space-size=2',
  // For the garbage collector and the compiler: there is little to do in parallel, and each thread keeps memory of its own.
  '--v8-pool-size=1',
];

export const recorderEnvironment: Readonly<Record<string, string>> = {
  // glibc gives every thread an arena, and what one thread frees another does not use: packets are taken by one and freed by another.
  MALLOC_ARENA_MAX: '2',
};
