/**
 * Figures for people. Everything here gives the same text on the server and in the browser: no locale, no time zone
 * (those are LocalTime's).
 */

/** `0:07`, `12:34`, `1:02:03`. */
export function formatDuration(durationMs: number): string {
  const totalSeconds = Math.max(0, Math.floor(durationMs / 1000));
  const hours = Math.floor(totalSeconds / 3600);
  const minutes = Math.floor((totalSeconds % 3600) / 60);
  const seconds = String(totalSeconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

/** A position inside a recording, to the tenth: `0:07.3`. */
export function formatPosition(positionMs: number): string {
  return `${formatDuration(positionMs)}.${Math.floor((Math.max(0, positionMs) % 1000) / 100)}`;
}

/** A span of a few milliseconds to a few hours: `40 ms`, `1.2 s`, `3 min 5 s`. */
export function formatSpan(spanMs: number): string {
  if (spanMs < 1000) return `${Math.round(spanMs)} ms`;
  if (spanMs < 60_000) return `${trimmed(spanMs / 1000)} s`;
  const minutes = Math.floor(spanMs / 60_000);
  const seconds = Math.round((spanMs % 60_000) / 1000);
  if (minutes < 60) return seconds === 0 ? `${minutes} min` : `${minutes} min ${seconds} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Decimal units, as disks are sold and browsers show downloads. */
export function formatBytes(sizeBytes: number): string {
  return inUnits(sizeBytes, ['B', 'kB', 'MB', 'GB', 'TB']);
}

export function formatBitrate(bitrateBps: number): string {
  return inUnits(bitrateBps, ['bps', 'kbps', 'Mbps', 'Gbps']);
}

export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

export function formatFrameSize(width: number | undefined, height: number | undefined): string | null {
  return width && height ? `${width}×${height}` : null;
}

const codecNames: Record<string, string> = {
  vp8: 'VP8',
  vp9: 'VP9',
  av1: 'AV1',
  h264: 'H.264',
  h265: 'H.265',
  opus: 'Opus',
  red: 'Opus RED',
  pcmu: 'PCMU',
  pcma: 'PCMA',
};

/** LiveKit says `video/VP8`, the recorder `vp8`. */
export function formatCodec(codec: string): string {
  const short = codec.slice(codec.lastIndexOf('/') + 1).toLowerCase();
  return codecNames[short] ?? (short === '' ? 'Unknown' : short.toUpperCase());
}

function inUnits(value: number, units: readonly string[]): string {
  let scaled = Math.max(0, value);
  let index = 0;
  // 999.95 would be shown as 1000.
  while (scaled >= 999.5 && index < units.length - 1) {
    scaled /= 1000;
    index += 1;
  }
  return `${index === 0 ? Math.round(scaled) : trimmed(scaled)} ${units[index]}`;
}

/** Three significant digits at most: `1.2`, `12`, `123`. */
function trimmed(value: number): string {
  return value < 9.95 ? value.toFixed(1) : String(Math.round(value));
}
