'use client';

import clsx from 'clsx';
import { ChartLine } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '../controls/button.tsx';
import { Input, Select } from '../controls/field.tsx';
import { type Who, whoChoices } from './filter-groups.ts';

interface FindBarProps {
  text: string;
  onText(text: string): void;
  who: Who;
  onWho(who: Who): void;
  graphsOpen: boolean;
  onGraphs(open: boolean): void;
}

const whoNames: Record<Who, string> = {
  everyone: 'Everyone',
  recorded: 'Being recorded',
  'not-recorded': 'Not being recorded',
};

/** Above thirty rooms: who is looked for. `/` goes to it from everywhere on the page. */
export function FindBar({ text, onText, who, onWho, graphsOpen, onGraphs }: FindBarProps) {
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const handleKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
      const { activeElement } = document;
      if (activeElement?.matches('input, textarea, select, [contenteditable], dialog *, [role=dialog] *')) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', handleKey);
    return () => document.removeEventListener('keydown', handleKey);
  }, []);

  return (
    <search className="flex flex-wrap gap-2">
      <Input
        ref={input}
        type="search"
        aria-label="Find a room or participant"
        aria-keyshortcuts="/"
        placeholder="Find a room or participant ( / )"
        autoComplete="off"
        className="min-w-0 flex-1 basis-full sm:basis-56"
        value={text}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onText('');
        }}
      />
      <Select
        aria-label="Who is shown"
        className="w-auto! min-w-0 flex-1 sm:flex-none"
        value={who}
        onChange={(event) => onWho(whoChoices.find((choice) => choice === event.target.value) ?? 'everyone')}
      >
        {whoChoices.map((choice) => (
          <option key={choice} value={choice}>
            {whoNames[choice]}
          </option>
        ))}
      </Select>
      <Button
        aria-pressed={graphsOpen}
        className={clsx(graphsOpen && 'border-ink-faint! bg-hover!')}
        icon={<ChartLine aria-hidden />}
        onClick={() => onGraphs(!graphsOpen)}
      >
        All graphs
      </Button>
    </search>
  );
}
