/**
 * Postgres refuses to run as root. Started by root (a container, usually) it runs as the owner of its data folder, the
 * user `postgres`, or `nobody`: no account is made for it. When that user may not enter the folders above its programs
 * or data (a clone below /root), Linux lets it keep the one capability that reading them takes, by util-linux' setpriv.
 */
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { findOnPath } from './find-on-path.ts';
import { Sentence } from './prepare.mjs';

export interface Account {
  uid: number;
  gid: number;
}

/** Undefined when we are not root: Postgres then simply runs as we do. */
export async function postgresAccount(dataFolder: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(dataFolder).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const account = (await accountOf('postgres')) ?? (await accountOf('nobody'));
  if (!account) {
    throw new Sentence(
      'Postgres does not run as root and there is neither a user "postgres" nor "nobody" here: run as another user, or set DATABASE_URL.',
    );
  }
  return account;
}

/** The command line that runs `command` as `account`. */
export async function asAccount(
  account: Account | undefined,
  command: string,
  args: readonly string[],
  folders: readonly string[],
): Promise<{ command: string; args: readonly string[]; uid?: number; gid?: number }> {
  if (!account) return { command, args };
  const closed = await firstClosedFolder(account, [dirname(command), ...folders]);
  if (closed === undefined) return { command, args, ...account };
  const setpriv = findOnPath('setpriv');
  if (!setpriv) {
    throw new Sentence(
      `Postgres does not run as root, and user id ${account.uid} may not enter ${closed}: move the project or DATA_DIR to where every user may enter, or set DATABASE_URL.`,
    );
  }
  return {
    command: setpriv,
    args: [
      // Without it access(2), by which Postgres finds its own programs, leaves the capability out of account.
      '--securebits=+no_setuid_fixup',
      `--reuid=${account.uid}`,
      `--regid=${account.gid}`,
      '--clear-groups',
      '--inh-caps=+dac_override',
      '--ambient-caps=+dac_override',
      '--',
      command,
      ...args,
    ],
  };
}

async function accountOf(name: string): Promise<Account | undefined> {
  const id = (flag: string) => promisify(execFile)('id', [flag, name]).then(({ stdout }) => Number(stdout));
  try {
    return { uid: await id('-u'), gid: await id('-g') };
  } catch {
    return undefined;
  }
}

async function firstClosedFolder(account: Account, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    for (let path = folder; ; path = dirname(path)) {
      const { uid, gid, mode } = await stat(path);
      const enter = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
      if ((mode & enter) === 0) return path;
      if (path === dirname(path)) break;
    }
  }
  return undefined;
}
