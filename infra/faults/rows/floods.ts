/** Malformed everything, a lot of it: processes live, their memory is bounded, and what is recorded meanwhile is whole. */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { readdir, readFile, readlink } from 'node:fs/promises';
import type { Row } from '../row.ts';
import type { Scene } from '../scene.ts';

const REQUESTS = 1500;
const DATAGRAMS = 20_000;
const GROWTH_MOST_MB = 200;

export const floodRows: Row[] = [
  {
    name: 'floods of malformed webhooks and reports',
    async run(scene) {
      const subject = await scene.recorded();
      await scene.play(1000);
      const memory = await memoryOf(scene);
      const statuses = new Map<number, number>();
      await inParallel(REQUESTS, 20, async (turn) => {
        const path = turn % 2 === 0 ? '/api/livekit/webhook' : '/api/recorder/reports';
        const answer = await fetch(`${scene.product.api.origin}${path}`, {
          method: 'POST',
          headers: headersOf(turn),
          body: bodyOf(turn),
          signal: AbortSignal.timeout(30_000),
        }).catch(() => undefined);
        await answer?.body?.cancel();
        const status = answer?.status ?? 0;
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      });
      const growthMb = (await memoryOf(scene)) - memory;
      await scene.play(2000);
      await scene.product.api.stopRecording(subject.id);
      return (history) => {
        const verdict = scene.whole(history, subject);
        for (const status of statuses.keys()) {
          if (status < 400 || status >= 500) verdict.problems.push(`${statuses.get(status)} requests got ${status}.`);
        }
        return { ...verdict, ...grown(growthMb, verdict.problems, `${REQUESTS} requests`) };
      };
    },
  },
  {
    name: 'floods of malformed RTP, RTCP and STUN',
    skip: () => (process.platform === 'linux' ? undefined : 'finds the ports of a process in /proc'),
    async run(scene) {
      const subject = await scene.recorded();
      await scene.play(1000);
      const memory = await memoryOf(scene);
      const ports = await udpPortsOf(scene.product.machine.pid);
      const socket = createSocket('udp4');
      for (let sent = 0; sent < DATAGRAMS; sent++) {
        const packet = randomBytes(1 + (sent % 1400));
        // First bytes of RTP and RTCP, of DTLS, of STUN (RFC 7983), and anything.
        packet[0] = [0x80, 0xb0, 0x16, 0x00, packet[0] ?? 0][sent % 5] ?? 0;
        for (const port of ports) socket.send(packet, port, '127.0.0.1');
        if (sent % 200 === 0) await scene.play(5);
      }
      const growthMb = (await memoryOf(scene)) - memory;
      await scene.play(3000);
      socket.close();
      await scene.product.api.stopRecording(subject.id);
      return (history) => {
        const verdict = scene.whole(history, subject);
        // A flood may push genuine packets out of a socket's buffer: that is a loss, and it is listed.
        verdict.problems = verdict.problems.filter((problem) => !/Pictures are missing/.test(problem));
        if (ports.length === 0) verdict.problems.push('No port of the recorder was found: nothing was tried.');
        return { ...verdict, ...grown(growthMb, verdict.problems, `${DATAGRAMS} datagrams`) };
      };
    },
  },
  {
    name: 'pictures that no decoder understands',
    async run(scene) {
      const [healthy, sick] = [await scene.recorded(), await scene.recorded()];
      const { pid } = scene.product.machine;
      await sick.participant.sendGarbage();
      await scene.play(8000);
      const sameProcess = scene.product.machine.pid === pid;
      // What was sent is what is stored, and noise cannot be judged by a decoder.
      await scene.product.api.stopRecording(sick.id);
      await scene.product.api.until(sick.id, ({ status }) => status === 'ready', 30_000, 'its end');
      const response = await scene.product.api.request('DELETE', `/api/v1/recordings/${sick.id}`);
      await response.body?.cancel();
      await scene.play(2000);
      await scene.product.api.stopRecording(healthy.id);
      return (history) => {
        const verdict = scene.whole(history, healthy);
        if (!sameProcess) verdict.problems.push('The worker died of it.');
        return { ...verdict, recovered: 'the other recording is whole' };
      };
    },
  },
];

function headersOf(turn: number): Record<string, string> {
  const authorization = ['', 'Bearer x', `Bearer ${'a.'.repeat(200)}`, 'Basic eDp4'][turn % 4] ?? '';
  return { 'content-type': turn % 3 === 0 ? 'application/json' : 'application/webhook+json', authorization };
}

function bodyOf(turn: number): Uint8Array<ArrayBuffer> {
  const noise = new Uint8Array(randomBytes(1 + ((turn * 97) % 30_000)));
  const deep = new TextEncoder().encode('['.repeat(5000) + ']'.repeat(5000));
  const report = new TextEncoder().encode(
    JSON.stringify({ reports: [{ attemptId: 'x', epoch: -1 }], claim: { waitMs: 1e9 } }),
  );
  return [noise, deep, report, new Uint8Array()][turn % 4] ?? noise;
}

function grown(growthMb: number, problems: string[], what: string) {
  if (growthMb > GROWTH_MOST_MB) problems.push(`Memory grew by ${growthMb.toFixed(0)} MB.`);
  return { recovered: `${what}, ${Math.max(0, growthMb).toFixed(0)} MB more`, problems };
}

/** Of dashboard and worker; only Linux tells. */
async function memoryOf({ product }: Scene): Promise<number> {
  let total = 0;
  for (const pid of [product.parts.dashboard.pid, product.machine.pid]) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    total += Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1000;
  }
  return total;
}

/** Sockets are listed for the machine by inode, and a process has links to its inodes. */
async function udpPortsOf(pid: number): Promise<number[]> {
  const links = await readdir(`/proc/${pid}/fd`);
  const targets = await Promise.all(links.map((link) => readlink(`/proc/${pid}/fd/${link}`).catch(() => '')));
  const inodes = new Set(targets.map((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1]));
  const tables = await Promise.all(
    ['udp', 'udp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8').catch(() => '')),
  );
  const rows = tables
    .join('\n')
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const ports = rows.flatMap((row) => (inodes.has(row[9]) ? [Number.parseInt(row[1]?.split(':')[1] ?? '', 16)] : []));
  return [...new Set(ports)].filter((port) => port > 0);
}

async function inParallel(count: number, lanes: number, work: (turn: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
