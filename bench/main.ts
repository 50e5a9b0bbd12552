/**
 * `npm run bench -- NAME [--json FILE] [--check] […]`: runs one benchmark, prints its figures beside their targets and the
 * machine they were measured on. `--check` exits with 1 when a figure falls short, and names each that does.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { stopAllChildren } from '../infra/dev/child-process.ts';
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import { type Figure, isMet, targetText, valueText } from './figure.ts';
import { describeMachine, machineText } from './machine.ts';
import { tableText } from './print-table.ts';

/** Loaded when asked for: each brings servers and libraries of its own. */
const benchmarks: Record<string, () => Promise<Benchmark>> = {
  density: async () => (await import('./density.ts')).density,
  soak: async () => (await import('./soak.ts')).soak,
  sync: async () => (await import('./sync.ts')).sync,
  latency: async () => (await import('./latency.ts')).latency,
  codecs: async () => (await import('./codecs.ts')).codecs,
  loss: async () => (await import('./loss.ts')).loss,
  dashboard: async () => (await import('./dashboard.ts')).dashboard,
  recovery: async () => (await import('./recovery.ts')).recovery,
};

class UsageError extends Error {}

async function main(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  if (!name || name === '--help') return help();
  const load = benchmarks[name];
  if (!load) throw new UsageError(`There is no benchmark "${name}". There are: ${Object.keys(benchmarks).join(', ')}.`);
  const benchmark = await load();
  const { json, check, values } = readOptions(benchmark, rest);

  const startedAt = new Date().toISOString();
  const machine = describeMachine();
  process.stderr.write(`${name}: ${benchmark.summary}\n`);
  const figures = await benchmark.run(contextOf(values)).finally(stopAllChildren);
  process.stdout.write(`\n${name}, on ${machineText(machine)}\n\n${tableText(figures)}\n`);
  if (json) {
    const results = figures.map((figure) => ({ ...figure, met: figure.target ? isMet(figure) : undefined }));
    await writeFile(json, `${JSON.stringify({ benchmark: name, startedAt, machine, figures: results }, null, 2)}\n`);
  }
  return check ? checkAll(figures) : 0;
}

function checkAll(figures: readonly Figure[]): number {
  const short = figures.filter((figure) => !isMet(figure));
  for (const { name, value, unit, target } of short) {
    process.stderr.write(`Falls short: ${name} is ${valueText(value)} ${unit}, target ${targetText(target)} ${unit}\n`);
  }
  return short.length > 0 ? 1 : 0;
}

function readOptions(benchmark: Benchmark, args: string[]) {
  const own = Object.fromEntries(Object.keys(benchmark.options).map((key) => [key, { type: 'string' as const }]));
  try {
    const { values } = parseArgs({
      args,
      options: { json: { type: 'string' }, check: { type: 'boolean' }, ...own },
    });
    const { json, check, ...others } = values as Record<string, string | boolean | undefined>;
    return { json: json as string | undefined, check: check === true, values: others };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function contextOf(values: Record<string, string | boolean | undefined>): BenchmarkContext {
  const numbers = (name: string, usual: readonly number[]) => {
    const text = values[name];
    if (typeof text !== 'string') return usual;
    const list = text.split(',').map(Number);
    if (list.some((value) => !(value > 0)))
      throw new UsageError(`--${name} "${text}" is not a list of numbers above 0.`);
    return list;
  };
  return {
    numbers,
    number: (name, usual) => numbers(name, [usual])[0] ?? usual,
    say: (message) => process.stderr.write(`  ${message}\n`),
  };
}

async function help(): Promise<number> {
  const lines = ['npm run bench -- NAME [--json FILE] [--check] [options]', ''];
  for (const [name, load] of Object.entries(benchmarks)) {
    const { summary, options } = await load();
    lines.push(`${name}: ${summary}`);
    for (const [option, text] of Object.entries(options)) lines.push(`    --${option}  ${text}`);
  }
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stopAllChildren().finally(() => process.exit(1)));
}
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof UsageError ? error.message : ((error as Error).stack ?? error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
// Native peer connections keep the process alive for a while after they are closed.
process.exit();
