import { posterName, storyboardName } from '../../recorder/contract/previews.ts';

/** Where the objects of a recording, or of one attempt of it, live: ids only, never a name. */
export function objectPrefixOf(recordingId: string, attemptId?: string): string {
  return attemptId === undefined ? `recordings/${recordingId}/` : `recordings/${recordingId}/${attemptId}/`;
}

/** What an attempt that joins is told. */
export function joinManifestKeyOf(recordingId: string, attemptId: string): string {
  return `${objectPrefixOf(recordingId, attemptId)}join.json`;
}

export const previewKinds = ['poster', 'storyboard'] as const;
export type PreviewKind = (typeof previewKinds)[number];

export function previewsPrefixOf(recordingId: string): string {
  return `${objectPrefixOf(recordingId)}previews/`;
}

export function previewKeyOf(recordingId: string, kind: PreviewKind): string {
  return previewsPrefixOf(recordingId) + (kind === 'poster' ? posterName : storyboardName);
}
