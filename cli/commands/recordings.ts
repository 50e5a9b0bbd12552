/** start, stop, list, get. */
import type { Recording } from '../../app/_control/api.ts';
import type { Context } from '../context.ts';
import { readSpan } from '../read-span.ts';
import { safeText, sayBytes, sayDuration, table } from '../terminal.ts';
import { waitUntilOver } from '../wait-until.ts';

export async function start(
  context: Context,
  room: string,
  identity: string,
  options: { tracks?: string[]; maxDuration?: string; wait?: boolean },
): Promise<void> {
  const recording = await context.api.jsonOnce<Recording>('/api/v1/recordings', {
    room,
    identity,
    ...(options.tracks && { tracks: options.tracks }),
    ...(options.maxDuration !== undefined && { maxDurationMs: readSpan(options.maxDuration) }),
  });
  if (options.wait && !context.isJson) context.terminal.stderr.write(`Recording ${recording.id}\n`);
  context.show(options.wait ? await waitUntilOver(context, recording.id) : recording, sayRecording);
}

export async function stop(context: Context, id: string, options: { wait?: boolean }): Promise<void> {
  const recording = await context.api.json<Recording>('POST', `/api/v1/recordings/${id}/stop`);
  context.show(options.wait ? await waitUntilOver(context, id) : recording, sayRecording);
}

export async function get(context: Context, id: string): Promise<void> {
  context.show(await context.api.json<Recording>('GET', `/api/v1/recordings/${id}`), sayRecording);
}

export interface ListOptions {
  status?: string;
  room?: string;
  identity?: string;
  search?: string;
  limit: number;
}

export async function list(context: Context, { search, limit, ...filter }: ListOptions): Promise<void> {
  const query = { ...filter, q: search, limit: String(Math.min(limit, 200)) };
  const recordings = await context.api.list<Recording>('/api/v1/recordings', query, limit);
  context.show(recordings, (items) =>
    items.length === 0
      ? 'No recordings match.\n'
      : table(
          ['ID', 'STATUS', 'ROOM', 'IDENTITY', 'WHEN', 'LENGTH', 'SIZE'],
          items.map(({ id, status, room, identity, requestedAt, durationMs, sizeBytes }) => [
            id,
            status,
            room,
            identity,
            requestedAt.slice(0, 19).replace('T', ' '),
            sayDuration(durationMs),
            sayBytes(sizeBytes),
          ]),
        ),
  );
}

function sayRecording(recording: Recording): string {
  const { id, status, room, identity, requestedAt, durationMs, sizeBytes, waiting, error, media } = recording;
  const lines = [
    ['ID', id],
    ['Status', status],
    ['Room', room],
    ['Identity', identity],
    ['When', requestedAt],
    ['Length', sayDuration(durationMs)],
    ['Size', sayBytes(sizeBytes)],
    ...(waiting ? [['Waiting', waiting.message]] : []),
    ...(error ? [['Error', error.message]] : []),
    ...media.map((file) => ['File', `${file.medium} ${file.part}, ${file.contentType}, ${sayBytes(file.sizeBytes)}`]),
  ];
  return `${lines.map(([name = '', value = '']) => `${name.padEnd(9)} ${safeText(value)}`).join('\n')}\n`;
}
