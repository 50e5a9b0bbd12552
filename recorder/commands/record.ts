/**
 * `recorder record`: one participant into a file, without dashboard or database.
 *
 * The recording is the same as in a worker; its spool and its store are folders beside the file, which go when the file is there.
 * When it fails after something was captured, that is in the file all the same; when not even that can be made, the folders stay,
 * and the message says where.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { FolderStore } from '../../storage/folder-store.ts';
import type { ExitCode } from '../contract/exit-codes.ts';
import type { FinishedMedia } from '../contract/media.ts';
import type { Outcome } from '../contract/report.ts';
import { SEGMENT_MS } from '../contract/segment-length.ts';
import type { RecordTask } from '../contract/task-spec.ts';
import type { Environment } from '../environment.ts';
import { finishFiles } from '../finalise/finalise.ts';
import { placeAll as placeSegments } from '../finalise/placed-segment.ts';
import { readSpooledSegment } from '../read-spooled-segment.ts';
import { createRecorderLog } from '../recorder-log.ts';
import type { RunningRecording } from '../report/held-recording.ts';
import type { RecordingPlace, RecordingStarter } from '../start-recording.ts';
import { exitCodeOf } from './exit-code-of.ts';
import { OutputFile } from './output-file.ts';
import { megabytes, ProgressLine } from './progress-line.ts';
import { type RecordOptions, readRecordOptions } from './record-options.ts';
import { onStopSignal } from './stop-signals.ts';

/** A participant whose page is reloaded is back within this. */
const reconnectWindowMs = 5000;
/** The store is a folder beside the file: when it fails, somebody sits there and waits. */
const storePatienceMs = 10_000;

export interface Terminal {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown; isTTY?: boolean };
}

/** A finished file as the statistics list it. */
type PlacedFile = Omit<FinishedMedia, 'key'> & { path: string };

export async function record(
  args: string[],
  env: Environment,
  starterOf: RecordingStarter,
  { stdout, stderr }: Terminal = process,
): Promise<ExitCode> {
  const options = readRecordOptions(args, env);
  const log = createRecorderLog(options.logLevel, 2);
  const output = await OutputFile.prepare(options.out, options.force);
  const storeFolder = join(output.workFolder, 'store');
  const place: RecordingPlace = {
    store: await FolderStore.open(storeFolder),
    spoolDir: join(output.workFolder, 'spool'),
    storePatienceMs,
    log,
  };
  const progress = new ProgressLine(stderr, `${JSON.stringify(options.identity)} in ${JSON.stringify(options.room)}`);

  let recording: RunningRecording | undefined;
  const show = () => recording && progress.show(recording.snapshot());
  let lastState = '';
  recording = starterOf(place)(taskOf(options), () => {
    const state = recording?.snapshot().state ?? '';
    if (state !== lastState) show();
    lastState = state;
  });
  const ticker = setInterval(show, 1000);
  const ignoreSignals = onStopSignal(() => recording?.stop('requested'));
  show();
  const outcome = await outcomeOf(recording);
  clearInterval(ticker);
  ignoreSignals();

  const media = outcome.kind === 'finished' ? outcome.media : await rescue(recording, place);
  const files = await placeAll(output, storeFolder, media);
  stdout.write(`${JSON.stringify(statisticsOf(options, recording, outcome, files), null, 2)}\n`);
  const isKept = outcome.kind === 'failed' && recording.snapshot().stats.sizeBytes > 0 && files.length === 0;
  if (!isKept) await output.removeWorkFolder();
  for (const sentence of conclusion(options, outcome, files, isKept ? output.workFolder : undefined)) {
    progress.say(sentence);
  }
  return exitCodeOf(outcome);
}

/** A recording that breaks off is a defect of ours; what it captured is kept all the same. */
async function outcomeOf(recording: RunningRecording): Promise<Outcome> {
  try {
    return await recording.run();
  } catch (error) {
    const message = `The recorder broke off: ${(error as Error).stack}`;
    return { kind: 'failed', reason: 'recorder.defect', message, fault: 'system', retryable: false };
  }
}

function taskOf({ url, token, room, identity, seconds, waitSeconds }: RecordOptions): RecordTask {
  const recordingId = randomUUID();
  const attemptId = randomUUID();
  return {
    kind: 'record',
    recordingId,
    attemptId,
    epoch: 1,
    livekit: { url, token },
    room,
    identity,
    tracks: ['camera', 'microphone', 'screen_share', 'screen_share_audio'],
    objectPrefix: `recordings/${recordingId}/${attemptId}/`,
    segmentMs: SEGMENT_MS,
    absentAfterMs: Math.ceil(waitSeconds * 1000),
    reconnectWindowMs,
    maxDurationMs: seconds === undefined ? undefined : Math.ceil(seconds * 1000),
    // Nobody is reported to.
    reportToken: 'none',
  };
}

/** What a recording that failed had stored, as files. */
async function rescue(recording: RunningRecording, place: RecordingPlace): Promise<FinishedMedia[]> {
  const { segments } = recording.snapshot();
  const { store, log } = place;
  try {
    const readSegment = readSpooledSegment(undefined, store);
    return await finishFiles({
      segments: placeSegments(segments),
      readSegment,
      store,
      objectPrefix: 'rescued/',
    });
  } catch (error) {
    log.warn({ error }, 'recording.not-rescued');
    return [];
  }
}

async function placeAll(
  output: OutputFile,
  storeFolder: string,
  media: readonly FinishedMedia[],
): Promise<PlacedFile[]> {
  const files: PlacedFile[] = [];
  for (const one of media) {
    const { key, ...rest } = one;
    // A folder store keeps an object under its key.
    files.push({ path: await output.place(join(storeFolder, key), one), ...rest });
  }
  return files;
}

function statisticsOf(options: RecordOptions, recording: RunningRecording, outcome: Outcome, files: PlacedFile[]) {
  const { startedAtUnixMs, stoppedAtUnixMs, stats, tracks, gaps, segments } = recording.snapshot();
  const { kind, ...end } =
    outcome.kind === 'finished' ? { kind: outcome.kind, stopReason: outcome.stopReason } : outcome;
  const timeOf = (unixMs: number | undefined) => (unixMs === undefined ? undefined : new Date(unixMs).toISOString());
  return {
    outcome: kind,
    ...end,
    room: options.room,
    identity: options.identity,
    startedAt: timeOf(startedAtUnixMs),
    stoppedAt: timeOf(stoppedAtUnixMs),
    files,
    stats,
    tracks,
    gaps,
    segments: segments.length,
  };
}

function conclusion(
  options: RecordOptions,
  outcome: Outcome,
  files: PlacedFile[],
  keptFolder: string | undefined,
): string[] {
  if (outcome.kind === 'absent') {
    const whom = `${JSON.stringify(options.identity)} in ${JSON.stringify(options.room)}`;
    return [`There is nothing to record of ${whom}: ${outcome.message}`];
  }
  if (outcome.kind === 'failed') {
    const kept = keptFolder && `What was captured until then is kept in ${keptFolder}.`;
    if (kept) return [outcome.message, kept];
    return [outcome.message, ...describe(options, files)];
  }
  return describe(options, files);
}

function describe(options: RecordOptions, files: PlacedFile[]): string[] {
  return files.map(({ path, medium, durationMs, sizeBytes }) => {
    const sentence = `${path}: ${(durationMs / 1000).toFixed(1)} s, ${megabytes(sizeBytes)}`;
    const isRenamed = medium === 'camera' && path !== options.out;
    return isRenamed
      ? `${sentence} (named so because ${options.out} does not fit what was recorded, or was taken meanwhile)`
      : sentence;
  });
}
