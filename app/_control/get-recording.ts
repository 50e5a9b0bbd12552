import { findRecording } from '../../db/queries/find-recording.ts';
import type { Recording } from './api.ts';
import type { Control } from './control.ts';
import { presentRecording } from './present-recording.ts';
import { notFound } from './problem-error.ts';

export async function getRecording(control: Control, id: string): Promise<Recording> {
  const row = await findRecording(control.database.db, id);
  if (!row) throw notFound('recording');
  return presentRecording(control.database.db, row);
}
