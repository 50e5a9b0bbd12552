/**
 * One run of ffmpeg that never gets in the way of a recording: last in line for the processor, with bounded memory, processor
 * time and output, and killed when its signal aborts. What it prints on stdout is the result.
 */
import { spawn } from 'node:child_process';

/** Enough for pictures of 8K; a file that makes a decoder ask for more does not take the worker's memory. */
const MEMORY_KB = 4_000_000;
/** Lives on when the worker is killed, but not for longer than this. */
const PROCESSOR_SECONDS = 300;
const COMPLAINT_CHARACTERS = 400;
/** Limits that a system does not know are left out; `exec`, so that a kill reaches ffmpeg itself. */
const script = `ulimit -v ${MEMORY_KB} 2>/dev/null; ulimit -t ${PROCESSOR_SECONDS} 2>/dev/null; exec nice -n 19 "$0" "$@"`;

export interface FfmpegRun {
  ffmpeg: string;
  args: readonly string[];
  /** Written to its stdin. */
  input?: Uint8Array;
  /** More on stdout is a failure. */
  mostBytes: number;
  signal: AbortSignal;
}

/** Rejects with ffmpeg's last words, or with the reason of the signal. */
export function runFfmpeg({ ffmpeg, args, input, mostBytes, signal }: FfmpegRun): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const quiet = ['-hide_banner', '-loglevel', 'error', '-nostdin', '-threads', '1', '-filter_threads', '1'];
    const child = spawn('/bin/sh', ['-c', script, ffmpeg, ...quiet, ...args], {
      // Nothing of the worker's environment is its business: credentials of the store are in there.
      env: { PATH: process.env.PATH, NODE_ENV: process.env.NODE_ENV },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    let complaint = '';
    let failure: unknown;
    const end = (reason: unknown) => {
      failure ??= reason;
      child.kill('SIGKILL');
    };
    const abort = () => end(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes > mostBytes) end(new Error(`ffmpeg wrote more than ${mostBytes} bytes`));
      else chunks.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString('utf8')).slice(-COMPLAINT_CHARACTERS);
    });
    // It may end before it has read everything.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.once('error', (error) => end(error));
    child.once('close', (code, killedBy) => {
      signal.removeEventListener('abort', abort);
      if (failure !== undefined) reject(failure);
      else if (code === 0) resolve(Buffer.concat(chunks));
      else reject(new Error(`ffmpeg ended with ${killedBy ?? code}: ${complaint.trim() || 'it did not say why'}`));
    });
  });
}
