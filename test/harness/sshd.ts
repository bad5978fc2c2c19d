import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, root, type StartedProcess, startProcess } from './process.ts';

/** What the command line behind it is like. */
export interface CommandLine {
  readonly enable: string | null;
  readonly prompt: string;
  readonly configuration: string;
  readonly page: number;
  readonly pager: string;
  readonly banner: string;
}
export interface RunningSshd extends StartedProcess {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** A private key that it takes, and one that it does not. */
  readonly key: string;
  readonly otherKey: string;
  /** For those who sign in from now on. */
  set(commandLine: CommandLine): void;
}

const user = 'backup';
const password = 'Fest verschnürt 7';

/**
 * Debian's sshd with one account, whose shell is the command line of a switch. Account and password are in files that only this
 * process sees in the place of the machine's own (a mount namespace), so it has to be started by root.
 */
export async function startSshd(options: {
  commandLine: CommandLine;
  /** Further lines of its configuration, e.g. which algorithms it knows. */
  lines?: readonly string[];
  port?: number;
}): Promise<RunningSshd> {
  const folder = mkdtempSync(join(tmpdir(), 'rackhaus-sshd-'));
  chmodSync(folder, 0o755);
  const file = (name: string) => join(folder, name);
  for (const name of ['host', 'key', 'other'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(name)]);
  const hash = execFileSync('openssl', ['passwd', '-6', password], { encoding: 'utf8' }).trim();
  const without = (text: string) =>
    text
      .split('\n')
      .filter((line) => !line.startsWith(`${user}:`))
      .join('\n');
  writeFileSync(
    file('shell'),
    `#!/bin/sh\nexec ${process.execPath} ${join(root, 'test/harness/command-line.ts')} ${file('settings.json')}\n`,
  );
  chmodSync(file('shell'), 0o755);
  writeFileSync(
    file('passwd'),
    `${without(readFileSync('/etc/passwd', 'utf8'))}${user}:x:0:0::${folder}:${file('shell')}\n`,
  );
  writeFileSync(
    file('shadow'),
    `${without(readFileSync('/etc/shadow', 'utf8'))}${user}:${hash}:19000:0:99999:7:::\n`,
    { mode: 0o600 },
  );
  const port = options.port ?? (await freePort());
  writeFileSync(
    file('sshd_config'),
    [
      `ListenAddress 127.0.0.1:${port}`,
      `HostKey ${file('host')}`,
      `AuthorizedKeysFile ${file('key.pub')}`,
      `PidFile ${file('pid')}`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication yes',
      'PermitRootLogin yes',
      'PrintMotd no',
      'PrintLastLog no',
      ...(options.lines ?? []),
      '',
    ].join('\n'),
  );
  const set = (commandLine: CommandLine) => writeFileSync(file('settings.json'), JSON.stringify(commandLine));
  set(options.commandLine);
  // Where it gives up its rights; Debian's start script makes it.
  if (!existsSync('/run/sshd')) execFileSync('mkdir', ['-p', '/run/sshd']);
  const started = await startProcess({
    name: 'sshd',
    command: 'unshare',
    args: [
      '-m',
      'sh',
      '-c',
      `mount --bind ${file('passwd')} /etc/passwd && mount --bind ${file('shadow')} /etc/shadow && exec /usr/sbin/sshd -D -e -f ${file('sshd_config')}`,
    ],
    ready: /Server listening on/,
  });
  return {
    ...started,
    port,
    user,
    password,
    key: readFileSync(file('key'), 'utf8'),
    otherKey: readFileSync(file('other'), 'utf8'),
    set,
    stop: async (signal) => {
      await started.stop(signal);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
