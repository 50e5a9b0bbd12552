import { loadClip } from '../publisher/clip/load-clip.ts';
import type { MatrixCase } from './matrix-case.ts';

/** How long a slow machine that has none of them may encode. */
export const LOAD_CLIPS_WITHIN_MS = 600_000;

/** Encodes what is not there yet, one after the other: while rows run, it would take their time. */
export async function loadClips(rows: readonly MatrixCase[]): Promise<void> {
  for (const step of rows.flatMap(({ steps }) => steps)) {
    const clips = step.do === 'publish' ? step.tracks.flatMap((track) => track.clips) : [];
    for (const clip of step.do === 'change-clips' ? step.clips : clips) await loadClip(clip);
  }
}
