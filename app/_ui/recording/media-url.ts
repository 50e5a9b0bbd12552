/** The same bytes, as an attachment with a file name. */
export function downloadUrl(mediaUrl: string): string {
  return `${mediaUrl}${mediaUrl.includes('?') ? '&' : '?'}download=1`;
}

/** A recording's medium as a share link serves it: the same query, under the token. */
export function sharedMediaUrl(mediaUrl: string, token: string): string {
  const query = mediaUrl.indexOf('?');
  return `/s/${encodeURIComponent(token)}/media${query < 0 ? '' : mediaUrl.slice(query)}`;
}
