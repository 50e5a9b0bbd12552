import { extname } from 'node:path';
import type { Recording } from '../../app/_control/api.ts';
import { CliError, exitCodes } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { downloadFile } from '../download-file.ts';
import { ProgressBar } from '../progress-bar.ts';
import { waitUntilOver } from '../wait-until.ts';

export interface DownloadOptions {
  out?: string;
  medium?: string;
  force?: boolean;
  wait?: boolean;
}

type Media = Recording['media'][number];

/** All files of a recording, or of one medium. */
export async function download(context: Context, id: string, options: DownloadOptions): Promise<void> {
  const recording = options.wait
    ? await waitUntilOver(context, id)
    : await context.api.json<Recording>('GET', `/api/v1/recordings/${id}`);
  const wanted = recording.media.filter(({ medium }) => options.medium === undefined || medium === options.medium);
  if (wanted.length === 0) {
    throw new CliError(exitCodes.notFound, `This recording has nothing to download; it is ${recording.status}.`);
  }
  if (wanted.some(({ finished }) => !finished)) {
    throw new CliError(exitCodes.conflict, 'This recording is not finished yet: stop it, or say --wait.');
  }
  const files: { path: string; medium: string; sizeBytes: number; sha256: string | null }[] = [];
  for (const media of wanted) {
    const path = pathOf(media, wanted, options.out ?? id);
    const bar = new ProgressBar(context.terminal.stderr, path);
    await downloadFile(context.api, media, {
      path,
      force: options.force === true,
      onProgress: (done, total) => bar.show(done, total),
    });
    files.push({ path, medium: media.medium, sizeBytes: media.sizeBytes, sha256: media.sha256 });
  }
  context.show(files, (items) => items.map(({ path }) => `${path}\n`).join(''));
}

/** `talk.webm` asked for: `talk.webm` for the first, `talk.screen.webm`, `talk.2.webm` for the others. */
function pathOf(media: Media, all: readonly Media[], out: string): string {
  const container = media.contentType.includes('mp4') ? '.mp4' : '.webm';
  const asked = extname(out);
  const stem = asked === '' ? out : out.slice(0, -asked.length);
  const isFirst = all[0] === media;
  const suffix = isFirst
    ? ''
    : `${media.medium === all[0]?.medium ? '' : `.${media.medium}`}${media.part > 1 ? `.${media.part}` : ''}`;
  return `${stem}${suffix}${asked === '' || !isFirst ? container : asked}`;
}
