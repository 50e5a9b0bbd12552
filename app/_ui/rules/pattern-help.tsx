const examples = [
  { pattern: '*', matches: 'everything' },
  { pattern: 'interview-*', matches: 'interview-1 and interview-anna, not my-interview-1' },
  { pattern: 'guest-??', matches: 'guest-07, not guest-7' },
  { pattern: '*-host', matches: 'whatever ends with -host' },
] as const;

/** What patterns are, by example. */
export function PatternHelp() {
  return (
    <div className="rounded-lg bg-sunken px-3 py-2.5 text-xs text-ink-muted">
      <p>
        <Pattern>*</Pattern> stands for any text, <Pattern>?</Pattern> for one character; everything else is taken as it
        is written, capital letters too.
      </p>
      <dl className="mt-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1">
        {examples.map(({ pattern, matches }) => (
          <div key={pattern} className="contents">
            <dt>
              <Pattern>{pattern}</Pattern>
            </dt>
            <dd>{matches}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

export function Pattern({ children }: { children: string }) {
  return <code className="rounded bg-canvas px-1 py-px font-mono whitespace-nowrap text-ink">{children}</code>;
}
