/** A cookie, because the server renders without them: nothing flashes. Older failures leave the page by their age. */
export const dismissedFailuresCookie = 'failures-dismissed';

export function parseDismissedFailures(value: string | undefined): string {
  return value !== undefined && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? value : '';
}

export function dismissFailures(until: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: Safari has no cookieStore before 18.4.
  document.cookie = `${dismissedFailuresCookie}=${until}; path=/; max-age=172800; samesite=lax`;
}
