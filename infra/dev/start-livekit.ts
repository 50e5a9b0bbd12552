/**
 * A LiveKit server for this machine: yours if `external` names one, else `livekit-server` on PATH, else its image in a
 * running Docker engine, else built with Go into the user's cache. Everything listens on 127.0.0.1.
 */
import { createHash, randomBytes } from 'node:crypto';
import { type Child, type ChildEnd, startChild } from './child-process.ts';
import { findOnPath } from './find-on-path.ts';
import { freePort, freeUdpPort, isPortFree } from './free-port.ts';
import { buildGoTool, findCachedGoTool } from './go-tool.ts';
import { Sentence } from './prepare.mjs';

export interface LiveKitKeys {
  apiKey: string;
  apiSecret: string;
}

export interface LiveKitOptions {
  /** A server that runs already: nothing is started. */
  external?: { url: string } & LiveKitKeys;
  /** Default: new ones. */
  keys?: LiveKitKeys;
  /** Signed with `keys`. */
  webhookUrls?: readonly string[];
  /** Used when they are free, unless `exactPorts`. Default: any. */
  ports?: LiveKitPorts;
  /** For a restart: clients know these ports. */
  exactPorts?: boolean;
  onLine?: (line: string) => void;
  onProgress?: (message: string) => void;
}

export interface LiveKitPorts {
  http: number;
  tcp: number;
  udp: number;
}

export interface LiveKit extends LiveKitKeys {
  /** ws://… or wss://… */
  url: string;
  /** Where it came from, for people. */
  origin: string;
  /** Undefined for an external one. */
  ports: LiveKitPorts | undefined;
  /** Never resolves for an external one. */
  ended: Promise<ChildEnd>;
  stop(): Promise<void>;
  /** As a fault would end it: for tests. */
  kill(): Promise<void>;
}

const version = 'v1.11.0';
const image = `livekit/livekit-server:${version}`;
const goTool = { name: 'livekit-server', module: `github.com/livekit/livekit-server/cmd/server@${version}` };
/** Longer than any room or identity the product accepts (4096 characters, up to 4 bytes each). */
const longestNameBytes = 16_384;
/** A server that starts is up in under a second; the first `docker run` pulls the image before that. */
const startWithinMs = 15_000;
const pullWithinMs = 600_000;

export function newLiveKitKeys(): LiveKitKeys {
  return { apiKey: `API${randomBytes(6).toString('hex')}`, apiSecret: randomBytes(32).toString('hex') };
}

export async function startLiveKit(options: LiveKitOptions = {}): Promise<LiveKit> {
  const { external } = options;
  if (external) {
    const url = external.url.replace(/^http/, 'ws');
    const nothing = async () => undefined;
    const never = new Promise<ChildEnd>(() => undefined);
    return { ...external, url, origin: 'yours', ports: undefined, ended: never, stop: nothing, kill: nothing };
  }
  const keys = options.keys ?? newLiveKitKeys();
  const program = await findProgram(options.onProgress);
  // A port that was free a moment ago may be taken by now: one more try with others.
  for (let turn = 1; ; turn++) {
    const ports =
      options.exactPorts && options.ports ? options.ports : await choosePorts(turn === 1 ? options.ports : {});
    try {
      const child = await startProgram(program, ports, keys, options);
      return {
        ...keys,
        url: `ws://127.0.0.1:${ports.http}`,
        origin: program.origin,
        ports,
        ended: child.ended,
        stop: () => child.stop(),
        kill: async () => {
          process.kill(child.pid, 'SIGKILL');
          await child.ended;
        },
      };
    } catch (error) {
      if (turn === 2 || !/in use/.test(String(error))) throw error;
    }
  }
}

type Program = { origin: string } & ({ kind: 'binary'; path: string } | { kind: 'docker'; path: string });

async function findProgram(onProgress?: (message: string) => void): Promise<Program> {
  const onPath = findOnPath('livekit-server');
  if (onPath) return { kind: 'binary', path: onPath, origin: onPath };
  const cached = findCachedGoTool(goTool);
  const docker = cached ? undefined : await runningDocker();
  if (docker) return { kind: 'docker', path: docker, origin: `in Docker, ${image}` };
  const built = cached ?? (await buildGoTool(goTool, onProgress));
  if (built) return { kind: 'binary', path: built, origin: `${version}, built with Go` };
  throw new Sentence(
    [
      'There is no LiveKit server. Install one and start again:',
      '  macOS            brew install livekit',
      '  Linux            curl -sSL https://get.livekit.io | bash',
      `  with Docker      start the Docker engine (the image ${image} is used)`,
      '  with Go          install Go 1.25 or newer: the server is then built for you',
      'or set LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET to one that runs elsewhere.',
    ].join('\n'),
  );
}

async function runningDocker(): Promise<string | undefined> {
  const docker = findOnPath('docker');
  if (!docker) return undefined;
  const child = await startChild({
    name: 'docker',
    command: docker,
    args: ['version', '--format', '{{.Server.Version}}'],
  });
  const bound = setTimeout(() => void child.stop(), 5000);
  const { code } = await child.ended;
  clearTimeout(bound);
  return code === 0 ? docker : undefined;
}

async function choosePorts(wanted: Partial<LiveKitPorts> = {}): Promise<LiveKitPorts> {
  const http = await freePort(wanted.http);
  const tcp = await freePort(wanted.tcp);
  return { http, tcp: tcp === http ? await freePort() : tcp, udp: await freeUdpPort(wanted.udp) };
}

async function startProgram(
  program: Program,
  ports: LiveKitPorts,
  keys: LiveKitKeys,
  options: LiveKitOptions,
): Promise<Child> {
  // Before, not after: another server on these ports would answer as well as ours.
  const taken = await takenPorts(ports);
  if (taken.length > 0) throw new Sentence(`LiveKit cannot listen on ${taken.join(', ')}: in use by another program.`);
  // Docker on Linux shares the host's network. Elsewhere its engine is a virtual machine that publishes ports.
  const inMachine = program.kind === 'docker' && process.platform !== 'linux';
  const config = serverConfig(ports, keys, options.webhookUrls ?? [], inMachine);
  const name = `participant-recorder-livekit-${createHash('sha256').update(keys.apiKey).digest('hex').slice(0, 12)}`;
  if (program.kind === 'docker') await removeContainer(program.path, name);
  const publish = inMachine
    ? [`${ports.http}:${ports.http}`, `${ports.tcp}:${ports.tcp}`, `${ports.udp}:${ports.udp}/udp`].flatMap((port) => [
        '--publish',
        `127.0.0.1:${port}`,
      ])
    : ['--network', 'host'];
  const child = await startChild({
    name: 'livekit-server',
    command: program.path,
    args:
      program.kind === 'binary' ? [] : ['run', '--rm', '--name', name, '--env', 'LIVEKIT_CONFIG', ...publish, image],
    // The keys go by the environment, which other users cannot see.
    env: { ...process.env, ...noLiveKitSettings(), LIVEKIT_CONFIG: JSON.stringify(config) },
    onLine: (line) => {
      if (/Unable to find image|Pulling|Download complete/.test(line)) options.onProgress?.(`Pulling ${image}`);
      options.onLine?.(line);
    },
    stopSignal: 'SIGINT',
    // The first signal waits for every participant to leave, the second does not.
    stopAgainAfterMs: 300,
    // It keeps nothing; a container, though, must be told.
    orphanSignal: program.kind === 'docker' ? 'SIGINT' : 'SIGKILL',
  });
  try {
    await waitUntilUp(child, ports, program.kind === 'docker' ? pullWithinMs : startWithinMs, program.origin);
    return child;
  } catch (error) {
    await child.stop();
    throw error;
  }
}

async function takenPorts({ http, tcp, udp }: LiveKitPorts): Promise<string[]> {
  return [
    ...((await isPortFree(http)) ? [] : [`TCP port ${http}`]),
    ...((await isPortFree(tcp)) ? [] : [`TCP port ${tcp}`]),
    ...((await freeUdpPort(udp)) === udp ? [] : [`UDP port ${udp}`]),
  ];
}

/** JSON is YAML too. Unknown names would be an error of the server. */
function serverConfig(ports: LiveKitPorts, keys: LiveKitKeys, webhookUrls: readonly string[], inMachine: boolean) {
  return {
    port: ports.http,
    bind_addresses: [inMachine ? '0.0.0.0' : '127.0.0.1'],
    rtc: {
      tcp_port: ports.tcp,
      udp_port: ports.udp,
      node_ip: '127.0.0.1',
      use_external_ip: false,
      enable_loopback_candidate: true,
      // No other interface: media stays on this machine, and none can be taken for the loopback one.
      ...(!inMachine && { ips: { includes: ['127.0.0.1/32'] } }),
    },
    keys: { [keys.apiKey]: keys.apiSecret },
    ...(webhookUrls.length > 0 && {
      webhook: {
        api_key: keys.apiKey,
        urls: webhookUrls.map((url) =>
          inMachine ? url.replace(/127\.0\.0\.1|localhost/, 'host.docker.internal') : url,
        ),
      },
    }),
    limit: {
      num_tracks: -1,
      bytes_per_sec: -1,
      max_room_name_length: longestNameBytes,
      max_participant_identity_length: longestNameBytes,
      max_participant_name_length: longestNameBytes,
    },
    logging: { level: 'info', json: false },
  };
}

async function waitUntilUp(child: Child, ports: LiveKitPorts, withinMs: number, origin: string): Promise<void> {
  let end: ChildEnd | undefined;
  void child.ended.then((value) => {
    end = value;
  });
  const until = performance.now() + withinMs;
  while (performance.now() < until) {
    if (end) {
      const said = child.tail();
      if (/address already in use/.test(said)) {
        throw new Sentence(
          `LiveKit cannot listen on its ports ${Object.values(ports).join(', ')}: one of them is in use.`,
        );
      }
      throw new Sentence(`LiveKit (${origin}) ended instead of starting: ${said}`);
    }
    const answer = await fetch(`http://127.0.0.1:${ports.http}/`, { signal: AbortSignal.timeout(1000) }).catch(
      () => undefined,
    );
    if (answer?.ok && (await answer.text()) === 'OK') return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Sentence(
    `LiveKit (${origin}) did not answer on port ${ports.http} within ${withinMs / 1000} s: ${child.tail()}`,
  );
}

/** One that a killed start left behind. */
async function removeContainer(docker: string, name: string): Promise<void> {
  const child = await startChild({ name: 'docker', command: docker, args: ['rm', '--force', name] });
  await child.ended;
}

/** Settings of ours that the server would read as its own. */
function noLiveKitSettings(): Record<string, undefined> {
  const names = Object.keys(process.env).filter((name) => name.startsWith('LIVEKIT_'));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}
