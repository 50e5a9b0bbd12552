import clsx from 'clsx';
import { shortText, visibleText } from './visible-text.ts';

interface AnyTextProps {
  text: string;
  id?: string;
  className?: string;
  /** One line with an ellipsis (default), or up to three. */
  lines?: 1 | 3;
}

/** A room name, identity or label: in its own direction, isolated from what is around it, never breaking the page. */
export function AnyText({ text, id, className, lines = 1 }: AnyTextProps) {
  return (
    <bdi
      id={id}
      dir="auto"
      title={shortText(text, 300)}
      className={clsx('any-text', lines === 1 ? 'block min-w-0 truncate' : 'line-clamp-3', className)}
    >
      {visibleText(text)}
    </bdi>
  );
}
