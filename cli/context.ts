import type { ApiClient } from './api-client.ts';
import type { Terminal } from './terminal.ts';

/** What each command works with. */
export interface Context {
  api: ApiClient;
  terminal: Terminal;
  /** Programs read what is written. */
  isJson: boolean;
  /** One value: as JSON, or as `text` says it to people. */
  show<Value>(value: Value, text: (value: Value) => string): void;
}
