/** What keys do to the player: those that video editors and the large video sites agree on. */

export type PlayerCommand =
  | { do: 'toggle' | 'mute' | 'full-screen' | 'help' }
  | { do: 'skip'; seconds: number }
  | { do: 'step'; frames: 1 | -1 }
  /** 0 to 0.9 of the whole. */
  | { do: 'jump'; share: number };

export const keyHelp: readonly { keys: readonly string[]; text: string }[] = [
  { keys: ['K', 'Space'], text: 'Play or pause' },
  { keys: ['J', 'L'], text: '10 seconds back or on' },
  { keys: ['←', '→'], text: '5 seconds back or on' },
  { keys: [',', '.'], text: 'One frame back or on' },
  { keys: ['0', '…', '9'], text: 'To so many tenths of the whole' },
  { keys: ['M'], text: 'Mute' },
  { keys: ['F'], text: 'Full screen' },
  { keys: ['?'], text: 'This list' },
];

const commands: ReadonlyMap<string, PlayerCommand> = new Map([
  ['k', { do: 'toggle' }],
  [' ', { do: 'toggle' }],
  ['j', { do: 'skip', seconds: -10 }],
  ['l', { do: 'skip', seconds: 10 }],
  ['ArrowLeft', { do: 'skip', seconds: -5 }],
  ['ArrowRight', { do: 'skip', seconds: 5 }],
  [',', { do: 'step', frames: -1 }],
  ['.', { do: 'step', frames: 1 }],
  ['m', { do: 'mute' }],
  ['f', { do: 'full-screen' }],
  ['?', { do: 'help' }],
] as const);

type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** Undefined: the key is not ours. */
export function commandOfKey({ key, ctrlKey, metaKey, altKey }: KeyPress): PlayerCommand | undefined {
  if (ctrlKey || metaKey || altKey) return undefined;
  if (/^[0-9]$/.test(key)) return { do: 'jump', share: Number(key) / 10 };
  return commands.get(key.length === 1 ? key.toLowerCase() : key);
}
