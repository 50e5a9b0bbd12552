/** `83`, `1:23`, `1:02:03` (with a fraction: `1:23.5`) → milliseconds; nothing when it is none of them. */
export function parsePosition(text: string): number | undefined {
  const match = /^(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,6}(?:[.,]\d{1,3})?)$/.exec(text.trim());
  if (!match) return undefined;
  const [, hours = '0', minutes = '0', seconds = '0'] = match;
  const isClock = match[2] !== undefined;
  const secondsValue = Number(seconds.replace(',', '.'));
  if (isClock && (secondsValue >= 60 || (match[1] !== undefined && Number(minutes) >= 60))) return undefined;
  return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + secondsValue) * 1000);
}
