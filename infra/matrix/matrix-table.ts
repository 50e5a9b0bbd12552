/** What each row of the matrix found, as a table in `test-results/`, whether it was as planned or not. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '../dev/prepare.mjs';
import type { ComparedFile, ComparedTrack } from './compare-with-plan.ts';
import type { RecordedParticipant } from './perform-case.ts';
import type { RecordedEncoder } from './record-encoder.ts';

const HEAD = ['case', 'publisher', 'file', 'picture', 'sound', 'sizes', 'ffmpeg errors', 'sync', 'gaps', 'dropped'];

export class MatrixTable {
  readonly #name: string;
  readonly #rows: string[][] = [];

  constructor(name: string) {
    this.#name = name;
  }

  add(
    name: string,
    publisher: string,
    { gaps, tracks }: Pick<RecordedParticipant, 'gaps' | 'tracks'>,
    files: readonly ComparedFile[],
  ): void {
    const dropped = tracks.flatMap(({ framesDropped }) => Object.entries(framesDropped));
    for (const { contentType, video, audio, errors, syncMs } of files) {
      this.#rows.push([
        name,
        publisher,
        contentType,
        trackText(video) + (video?.wrongPictures ? ` (${video.wrongPictures} wrong)` : ''),
        trackText(audio),
        video?.sizes.join(' → ') ?? '',
        String(errors.length),
        syncMs === undefined ? '' : `${syncMs.toFixed(1)} ms`,
        gaps.map(({ kind, reason }) => `${kind} ${reason}`).join(', '),
        dropped.map(([reason, count]) => `${count} ${reason}`).join(', '),
      ]);
    }
  }

  /** Of a publisher that encodes itself. */
  addEncoder(name: string, { recorded, seen, framesSent, how }: RecordedEncoder): void {
    const dropped = recorded.tracks.flatMap(({ framesDropped }) => Object.entries(framesDropped));
    recorded.files.forEach(({ contentType }, index) => {
      const { pictures = [], errors = [], beepsMs = [] } = seen[index] ?? {};
      const codecOf = (kind: 'video' | 'audio') => recorded.tracks.find((track) => track.kind === kind)?.codec;
      this.#rows.push([
        name,
        how,
        contentType,
        pictures.length > 0 ? `${codecOf('video')} ${pictures.length}/${framesSent}` : '',
        codecOf('audio') ? `${codecOf('audio')}, ${beepsMs.length} beeps` : '',
        [...new Set(pictures.map(({ size }) => size))].join(' → '),
        String(errors.length),
        '',
        recorded.gaps.map(({ kind, reason }) => `${kind} ${reason}`).join(', '),
        dropped.map(([reason, count]) => `${count} ${reason}`).join(', '),
      ]);
    });
  }

  async write(): Promise<void> {
    const folder = join(projectFolder, 'test-results');
    await mkdir(folder, { recursive: true });
    const lines = [HEAD, HEAD.map(() => '---'), ...this.#rows].map((cells) => `| ${cells.join(' | ')} |\n`);
    await writeFile(join(folder, `${this.#name}.md`), lines.join(''));
  }
}

/** "h264 60/60": recorded of published. */
function trackText(track: ComparedTrack | undefined): string {
  if (!track) return '';
  const { codec, recorded, published, unexpected } = track;
  return `${codec} ${recorded}/${published}${unexpected > 0 ? `, ${unexpected} not as sent` : ''}`;
}
