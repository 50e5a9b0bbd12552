/**
 * `*` stands for any text, `?` for one character, the rest for itself: what a rule's patterns mean, for the preview
 * while one types. Linear in time for every pattern: it goes back to the last `*` only.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const wanted = Array.from(pattern);
  const given = Array.from(text);
  let at = 0;
  let position = 0;
  let star = -1;
  let starPosition = 0;
  while (position < given.length) {
    if (at < wanted.length && wanted[at] === '*') {
      star = at;
      starPosition = position;
      at += 1;
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === given[position])) {
      at += 1;
      position += 1;
    } else if (star >= 0) {
      at = star + 1;
      starPosition += 1;
      position = starPosition;
    } else {
      return false;
    }
  }
  while (wanted[at] === '*') at += 1;
  return at === wanted.length;
}
