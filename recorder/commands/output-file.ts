/**
 * The file a user asked for. Nothing is written to its name before it is finished; it then appears at once, by a link or a
 * rename within its folder. What is there already is replaced only when that was said. A file that may not have the name asked for
 * gets one like it, and is not lost.
 */
import { constants } from 'node:fs';
import { access, link, mkdtemp, open, rename, rm, stat, unlink } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { StorageError } from '../../storage/object-store.ts';
import type { FinishedMedia } from '../contract/media.ts';
import { UsageError } from '../usage-error.ts';

/** After this many files named alike something else is wrong. */
const mostNames = 1000;

export class OutputFile {
  /** Beside the file, so that the last step is a rename; holds spool and store while it is being made. */
  readonly workFolder: string;
  readonly #path: string;
  readonly #force: boolean;

  private constructor(path: string, force: boolean, workFolder: string) {
    this.#path = path;
    this.#force = force;
    this.workFolder = workFolder;
  }

  /** Refuses, before anything is recorded, what could not be written afterwards. */
  static async prepare(path: string, force: boolean): Promise<OutputFile> {
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) throw new UsageError(`${path} is a folder: name a file.`);
    if (found && !force)
      throw new UsageError(`${path} is there already: choose another name, or say --force to replace it.`);
    const folder = dirname(path);
    try {
      await access(folder, constants.W_OK | constants.X_OK);
      return new OutputFile(path, force, await mkdtemp(join(folder, `.${basename(path)}.recording-`)));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT')
        throw new UsageError(`The folder ${folder} does not exist: make it first.`, { cause: error });
      throw new StorageError('denied', `The folder ${folder} cannot be written (${code}): choose another.`, false, {
        cause: error,
      });
    }
  }

  /** Moves a finished file to where it belongs and says where that is. */
  async place(finished: string, media: FinishedMedia): Promise<string> {
    const wanted = this.#nameFor(media);
    const isAskedFor = wanted === this.#path;
    const placed = isAskedFor && this.#force ? await replace(finished, wanted) : await linkToFreeName(finished, wanted);
    const folder = await open(dirname(placed), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
    return placed;
  }

  async removeWorkFolder(): Promise<void> {
    await rm(this.workFolder, { recursive: true, force: true });
  }

  /** `talk.mp4` asked for: `talk.mp4` or `talk.webm` for the camera, `talk.screen.mp4` or `talk.screen.webm` for the screen. */
  #nameFor(media: FinishedMedia): string {
    const asked = extname(this.#path);
    const container = media.contentType.endsWith('/mp4') ? '.mp4' : '.webm';
    const fits = asked.toLowerCase() === container || (asked.toLowerCase() === '.mkv' && container === '.webm');
    const stem = this.#path.slice(0, -asked.length);
    return `${stem}${media.medium === 'screen' ? '.screen' : ''}${fits ? asked : container}`;
  }
}

async function replace(from: string, to: string): Promise<string> {
  await rename(from, to);
  return to;
}

/** `talk.webm`, else `talk-2.webm` and so on: whatever is there by now stays. */
async function linkToFreeName(from: string, wanted: string): Promise<string> {
  const extension = extname(wanted);
  const stem = wanted.slice(0, -extension.length);
  for (let count = 1; count <= mostNames; count++) {
    const path = count === 1 ? wanted : `${stem}-${count}${extension}`;
    try {
      await link(from, path);
      await unlink(from);
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  throw new UsageError(`There are ${mostNames} files named like ${wanted} already.`);
}
