/** The page that somebody wanted before they had to sign in: `/sign-in?next=…`. */

export const pagePathHeader = 'x-page-path';

const maxLength = 2_000;

export function signInPath(wantedPage: string): string {
  const next = returnPath(wantedPage);
  return next === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`;
}

/**
 * Anybody can write a link to /sign-in, so what it names is a page of this product, or the overview instead: nothing that
 * browsers could take for an address of another site, however it is written, and nothing that is no page.
 */
export function returnPath(wanted: unknown): string {
  // Addresses have no other characters; browsers leave out line ends and tabs, and take \ for /.
  if (typeof wanted !== 'string' || wanted.length > maxLength || !/^\/[!-[\]-~]*$/.test(wanted)) return '/';
  const here = 'http://here.invalid';
  if (!URL.canParse(wanted, here)) return '/';
  // As browsers read it: "/.//other.example" has lost its dot.
  const { origin, pathname, search } = new URL(wanted, here);
  if (origin !== here || /^\/(\/|%2f|%5c)/i.test(pathname)) return '/';
  if (/^\/(api|_next|sign-in|set-up)(\/|$)/.test(pathname)) return '/';
  return pathname + search;
}
