/** The commands and their options. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { ApiClient } from './api-client.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { download } from './commands/download.ts';
import { get, list, start, stop } from './commands/recordings.ts';
import { rooms } from './commands/rooms.ts';
import { createRule, deleteRule, listRules, switchRule } from './commands/rules.ts';
import { share } from './commands/share.ts';
import type { Context } from './context.ts';
import type { Terminal } from './terminal.ts';

interface GlobalOptions {
  url: string;
  key?: string;
  json?: boolean;
}

export function createProgram(env: Record<string, string | undefined>, terminal: Terminal): Command {
  const program = new Command('recorder')
    .description('Records participants of LiveKit rooms: what the pages do, for terminals and scripts.')
    .option('--url <url>', 'where the recorder is, else RECORDER_URL', env.RECORDER_URL || 'http://localhost:3000')
    .option('--key <key>', 'API key; better in RECORDER_API_KEY, where others on this machine do not see it')
    .option('--json', 'write JSON')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    })
    .addHelpText('after', exitCodeHelp);

  const context = (): Context => {
    const { url, key, json: isJson = false } = program.opts<GlobalOptions>();
    if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
      throw new CliError(exitCodes.usage, `"${url}" is no address: say it like http://localhost:3000.`);
    }
    const given = key || env.RECORDER_API_KEY;
    if (!given) {
      throw new CliError(
        exitCodes.refused,
        'An API key is needed: an admin makes one under Settings → API keys. Say it with RECORDER_API_KEY or --key.',
      );
    }
    return {
      api: new ApiClient({ url, key: given }),
      terminal,
      isJson,
      show: (value, text) => terminal.stdout.write(isJson ? `${JSON.stringify(value, null, 2)}\n` : text(value)),
    };
  };

  program
    .command('rooms')
    .description('who is in which room, and who is being recorded')
    .action(() => rooms(context()));
  program
    .command('start <room> <identity>')
    .description('record a participant')
    .addOption(new Option('--tracks <source...>', 'which of them').choices(sources))
    .option('--max-duration <span>', 'stop by itself, like 90m')
    .option('--wait', 'until it is ready')
    .action((room, identity, options) => start(context(), room, identity, options));
  program
    .command('stop <id>')
    .description('end a recording')
    .option('--wait', 'until it is ready')
    .action((id, options) => stop(context(), idOf(id), options));
  program
    .command('list')
    .description('recordings, newest first')
    .option('--status <status>', 'one or several, by commas')
    .option('--room <room>', 'exactly this one')
    .option('--identity <identity>', 'exactly this one')
    .option('--search <text>', 'part of a room or an identity')
    .option('--limit <count>', 'at most so many', countOf, 50)
    .action((options) => list(context(), options));
  program
    .command('get <id>')
    .description('one recording')
    .action((id) => get(context(), idOf(id)));
  program
    .command('download <id>')
    .description('its files; one that was broken off goes on where it was')
    .option('-o, --out <file>', 'default: the id')
    .addOption(new Option('--medium <medium>', 'only this one').choices(['camera', 'screen']))
    .option('--force', 'replace a file that is there')
    .option('--wait', 'until it is ready')
    .action((id, options) => download(context(), idOf(id), options));
  program
    .command('share <id>')
    .description('make a link to watch it')
    .option('--expires <span>', 'like 12h or 7d, or never', '7d')
    .option('--password <password>', 'asked for before anything is shown')
    .option('--max-views <count>', 'good for so many', countOf)
    .option('--allow-download', 'also as a file')
    .option('--label <text>', 'what it is for')
    .action((id, options) => share(context(), idOf(id), options));

  const rules = program.command('rules').description('who is recorded with nobody pressing anything');
  rules
    .command('list', { isDefault: true })
    .description('all of them')
    .action(() => listRules(context()));
  rules
    .command('create <name>')
    .description('record whoever matches')
    .option('--room <pattern>', '* any text, ? one character', '*')
    .option('--identity <pattern>', 'the same', '*')
    .option('--retain-days <days>', 'how long its recordings are kept', countOf)
    .action((name, options) => createRule(context(), name, options));
  rules
    .command('on <id>')
    .description('switch a rule on')
    .action((id) => switchRule(context(), idOf(id), true));
  rules
    .command('off <id>')
    .description('switch a rule off')
    .action((id) => switchRule(context(), idOf(id), false));
  rules
    .command('delete <id>')
    .description('its recordings stay')
    .action((id) => deleteRule(context(), idOf(id)));
  return program;
}

const sources = ['camera', 'microphone', 'screen_share', 'screen_share_audio'];

const exitCodeHelp = `
Exit codes: 0 done, 1 failed, 2 bad arguments, 3 no recorder answers, 4 the API key may not, 5 not found,
6 not possible in this state.`;

function countOf(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('Say a whole number above 0.');
  return Number(text);
}

/** It becomes part of a path. */
function idOf(text: string): string {
  if (/^[0-9a-f-]{36}$/i.test(text)) return text;
  throw new CliError(exitCodes.usage, `"${text}" is no id: "list" shows those there are.`);
}
