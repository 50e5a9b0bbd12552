import { CopyIconButton } from './copy-icon-button.tsx';

interface CodeBlockProps {
  code: string;
  /** What is copied, for the button's name: "Copy the example". */
  name: string;
}

/** Text to copy: it scrolls by itself, and can be reached by the keyboard to do so. */
export function CodeBlock({ code, name }: CodeBlockProps) {
  return (
    <div className="relative min-w-0 rounded-lg border border-line bg-sunken">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard. */}
      <pre tabIndex={0} className="max-h-96 overflow-auto py-2.5 pr-12 pl-3 font-mono text-xs leading-5">
        <code>{code}</code>
      </pre>
      <div className="absolute top-1 right-1">
        <CopyIconButton text={code} name={`Copy ${name}`} />
      </div>
    </div>
  );
}
