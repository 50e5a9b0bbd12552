/** What the page of a share says after a form without script was refused. */
export function refusalText(code: string | string[] | undefined): string | undefined {
  if (code === undefined) return undefined;
  return code === 'too-many'
    ? 'Too many wrong tries. Wait a quarter of an hour, then try again.'
    : 'This is not the password of this link.';
}
