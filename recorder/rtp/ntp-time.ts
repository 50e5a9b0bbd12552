/** Seconds from 1900, where NTP counts from, to 1970. */
const UNIX_EPOCH_IN_NTP_SECONDS = 2_208_988_800;
/** The 32-bit seconds wrap in 2036 (RFC 3550 section 4): a time before 1968 is one of the next era. */
const ERA_SECONDS = 2 ** 32;
const ERA_SPLIT_SECONDS = 2 ** 31;

/** A 64-bit NTP timestamp, as two words, as Unix microseconds. */
export function ntpToUnixMicros(seconds: number, fraction: number): number {
  const era = seconds < ERA_SPLIT_SECONDS ? ERA_SECONDS : 0;
  return (seconds + era - UNIX_EPOCH_IN_NTP_SECONDS) * 1_000_000 + Math.round((fraction / ERA_SECONDS) * 1_000_000);
}
