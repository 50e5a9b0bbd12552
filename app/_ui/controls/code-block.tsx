import clsx from 'clsx';
import { CopyIconButton } from './copy-icon-button.tsx';

interface CodeBlockProps {
  code: string;
  /** One long word, such as a key: it wraps rather than scrolls. */
  wraps?: boolean;
  /** What is copied, for the button's name: "Copy the example". */
  name: string;
}

const textClasses = 'max-h-96 overflow-auto rounded-lg py-2.5 pr-12 pl-3 font-mono text-xs leading-5';

/** Text to copy: it scrolls by itself, and can be reached by the keyboard to do so. */
export function CodeBlock({ code, wraps = false, name }: CodeBlockProps) {
  return (
    <div className="relative min-w-0 rounded-lg border border-line bg-sunken">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard. */}
      <pre tabIndex={0} className={clsx(textClasses, wraps && 'break-all whitespace-pre-wrap')}>
        <code>{code}</code>
      </pre>
      <div className="absolute top-0 right-0 rounded-lg bg-sunken p-1">
        <CopyIconButton text={code} name={`Copy ${name}`} />
      </div>
    </div>
  );
}
