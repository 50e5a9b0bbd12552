/** How a `recorder run` or `recorder record` process says why it ended; launchers and scripts read it. */
export const exitCodes = {
  finished: 0,
  /** A defect of ours, or the machine's. */
  system: 1,
  /** Bad arguments or environment. */
  usage: 2,
  /** LiveKit could not be reached or refused. */
  livekit: 3,
  /** The participant never came or never published. */
  absent: 4,
  /** The store or the output file could not be written. */
  destination: 5,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
