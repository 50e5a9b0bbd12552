import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** When the file has grown to this, it becomes `….1` in the place of the one before. */
const largestBytes = 5 * 1024 * 1024;

/** A function that appends lines to a file of bounded size. A disk that is full loses lines, nothing else. */
export function openLogFile(path: string): (line: string) => void {
  mkdirSync(dirname(path), { recursive: true });
  let sizeBytes = existsSync(path) ? statSync(path).size : 0;
  return (line) => {
    try {
      if (sizeBytes > largestBytes) {
        renameSync(path, `${path}.1`);
        sizeBytes = 0;
      }
      const text = `${line}\n`;
      appendFileSync(path, text, { mode: 0o600 });
      sizeBytes += Buffer.byteLength(text);
    } catch {
      // The log is no reason to stop recording.
    }
  };
}
