/** Backquotes of the document's sentences. */
export function WithCode({ text }: { text: string }) {
  return text.split('`').map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: a sentence does not change.
      <code key={index} className="rounded bg-sunken px-1 font-mono text-[0.8125rem] break-words">
        {part}
      </code>
    ),
  );
}
