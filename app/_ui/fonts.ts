import localFont from 'next/font/local';

/** Served by ourselves; the fallback is adjusted to the same metrics, so that the swap moves nothing. */
export const sansFont = localFont({
  src: '../../node_modules/geist/dist/fonts/geist-sans/Geist-Variable.woff2',
  variable: '--font-geist-sans',
  weight: '100 900',
});

/** For patterns, hashes and ids: fetched only by pages that show one. */
export const monoFont = localFont({
  src: '../../node_modules/geist/dist/fonts/geist-mono/GeistMono-Variable.woff2',
  variable: '--font-geist-mono',
  weight: '100 900',
  preload: false,
  adjustFontFallback: false,
});
