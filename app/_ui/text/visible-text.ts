/**
 * Anyone's text as it can be shown: control characters become their symbols (a NUL would be dropped by the HTML parser
 * and the page would differ from what React rendered), lone surrogates the replacement character.
 */
export function visibleText(text: string): string {
  return text.toWellFormed().replace(/\p{Cc}/gu, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : '\ufffd';
  });
}

/** For toasts and tooltips, which cannot wrap forever. */
export function shortText(text: string, maxCharacters = 60): string {
  const characters = Array.from(visibleText(text));
  if (characters.length <= maxCharacters) return characters.join('');
  return `${characters.slice(0, maxCharacters - 1).join('')}…`;
}
