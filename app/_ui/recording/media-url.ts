/** The same bytes, as an attachment with a file name. */
export function downloadUrl(mediaUrl: string): string {
  return `${mediaUrl}${mediaUrl.includes('?') ? '&' : '?'}download=1`;
}
