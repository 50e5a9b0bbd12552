import type { Recording } from '../../_control/api.ts';

/** Made of the time alone: room and identity may hold what no file name can. */
export function downloadName(
  recording: Pick<Recording, 'startedAt' | 'requestedAt'>,
  medium: Pick<Recording['media'][number], 'medium' | 'contentType'>,
): string {
  const at = (recording.startedAt ?? recording.requestedAt).slice(0, 19).replace('T', '_').replaceAll(':', '-');
  return `recording_${at}_${medium.medium}.${medium.contentType.endsWith('/mp4') ? 'mp4' : 'webm'}`;
}
