/** Where an element was asked for again the last time. */
const askedAtS = new WeakMap<HTMLMediaElement, number>();

/**
 * Loads again what broke off on the way, or stands still: an address of the store is good for some minutes only, and browsers go on asking for
 * ranges at the one that they were sent to, for minutes before they give up. Once at each place: what cannot be had there is no matter of time.
 * @returns whether it loads, from its beginning
 */
export function askAgain(element: HTMLMediaElement): boolean {
  const { currentTime: atS, paused, seeking, readyState, error } = element;
  const starves = error === null && readyState < HTMLMediaElement.HAVE_FUTURE_DATA && (seeking || !paused);
  if (!starves && error?.code !== MediaError.MEDIA_ERR_NETWORK) return false;
  if (askedAtS.get(element) === atS) return false;
  askedAtS.set(element, atS);
  element.load();
  if (!paused) void element.play().catch(() => {});
  return true;
}
