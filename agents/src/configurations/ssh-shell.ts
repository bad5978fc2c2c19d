import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConfigurationJob, HostKey } from '@rackhaus/config/contract';
import type { Shell } from './dialogue.ts';

/** Which of the ways in which ssh fails this was. */
export class SshError extends Error {
  readonly outcome: 'unreachable' | 'wrong-login' | 'other-host-key' | 'no-common-algorithm' | 'no-ssh';
  constructor(outcome: SshError['outcome'], message: string) {
    super(message);
    this.name = 'SshError';
    this.outcome = outcome;
  }
}

/** What OpenSSH has given up and old devices need; `+` adds it behind what is safe. */
const oldAlgorithms: Readonly<Record<string, string>> = {
  KexAlgorithms: '+diffie-hellman-group14-sha1,diffie-hellman-group-exchange-sha1,diffie-hellman-group1-sha1',
  HostKeyAlgorithms: '+ssh-rsa',
  PubkeyAcceptedAlgorithms: '+ssh-rsa',
  Ciphers: '+aes128-cbc,aes256-cbc,3des-cbc',
  MACs: '+hmac-sha1',
};

/** ssh's own words (OpenSSH sshconnect.c, sshconnect2.c, packet.c), most telling first. */
const failures: readonly (readonly [RegExp, SshError['outcome']])[] = [
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key verification failed|host key is known for/i,
    'other-host-key',
  ],
  [/Unable to negotiate|no matching (key exchange|host key|cipher|mac)/i, 'no-common-algorithm'],
  [/Permission denied|Too many authentication failures|Authentication failed/i, 'wrong-login'],
];

/**
 * A command line at a device, over the machine's own ssh: what it does about algorithms, keys and attacks is looked after by many.
 * Its answer to the password comes by SSH_ASKPASS, so that it stands in no argument and in no file.
 */
export class SshShell implements Shell {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #folder: string;
  readonly #waiting: (() => void)[] = [];
  #came = '';
  #errors = '';
  #ended = false;

  private constructor(process: ChildProcessWithoutNullStreams, folder: string) {
    this.#process = process;
    this.#folder = folder;
    process.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#came += text;
      this.#wake();
    });
    process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = `${this.#errors}${text}`.slice(-4000);
    });
    // Written to after it has gone: that it has gone is told by its end.
    process.stdin.on('error', () => {});
    process.on('close', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  /** @throws SshError when there is no ssh on this machine */
  static async open(job: ConfigurationJob, signal: AbortSignal): Promise<SshShell> {
    const folder = await mkdtemp(join(tmpdir(), 'rackhaus-ssh-'));
    try {
      const { login } = job;
      const host = job.port === 22 ? job.address : `[${job.address}]:${job.port}`;
      await writeFile(join(folder, 'known_hosts'), job.hostKeys.map((key) => `${host} ${key}\n`).join(''), {
        mode: 0o600,
      });
      await writeFile(join(folder, 'askpass'), '#!/bin/sh\nprintf "%s\\n" "$RACKHAUS_ANSWER"\n', {
        mode: 0o700,
      });
      if (login.privateKey !== null) await writeFile(join(folder, 'key'), login.privateKey, { mode: 0o600 });
      const process_ = await started(
        spawn('ssh', sshArguments(job, folder), {
          env: {
            PATH: process.env.PATH ?? '/usr/bin:/bin',
            LC_ALL: 'C.UTF-8',
            TERM: 'dumb',
            SSH_ASKPASS: join(folder, 'askpass'),
            SSH_ASKPASS_REQUIRE: 'force',
            RACKHAUS_ANSWER: login.password ?? '',
          },
          signal,
          killSignal: 'SIGKILL',
        }),
      );
      return new SshShell(process_, folder);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async read(mostMs?: number): Promise<string | null> {
    if (this.#came === '' && !this.#ended) {
      await new Promise<void>((resolve) => {
        const timer = mostMs === undefined ? undefined : setTimeout(resolve, mostMs);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    const came = this.#came;
    this.#came = '';
    return came === '' && this.#ended ? null : came;
  }

  write(text: string): void {
    this.#process.stdin.write(text);
  }

  /** What ssh has complained about, as one of the ways in which it fails; null: it has not. */
  failure(): SshError | null {
    const words = this.#errors.trim().split('\n').slice(-3).join(' ').slice(0, 300);
    const known = failures.find(([pattern]) => pattern.test(this.#errors));
    if (known !== undefined) return new SshError(known[1], words);
    return this.#ended && this.#process.exitCode === 255 ? new SshError('unreachable', words) : null;
  }

  /** Whom it has spoken to: the keys of the host that are known by now. */
  async hostKeys(): Promise<string[]> {
    const lines = (await readFile(join(this.#folder, 'known_hosts'), 'utf8')).split('\n');
    return lines.flatMap((line) => {
      const key = HostKey.safeParse(line.split(' ').slice(1, 3).join(' '));
      return key.success ? [key.data] : [];
    });
  }

  /** Ends the connection and takes away its files. */
  async close(): Promise<void> {
    if (!this.#ended) {
      const ended = new Promise((resolve) => this.#process.once('close', resolve));
      this.#process.kill('SIGKILL');
      await ended;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

function started(child: ChildProcessWithoutNullStreams): Promise<ChildProcessWithoutNullStreams> {
  return new Promise((resolve, reject) => {
    child.once('spawn', () => {
      // Ended by the signal: that is told by its end.
      child.on('error', () => {});
      resolve(child);
    });
    child.once('error', (error) => {
      reject(
        'code' in error && error.code === 'ENOENT'
          ? new SshError('no-ssh', "there is no ssh on the agent's machine (Debian: openssh-client)")
          : error,
      );
    });
  });
}

function sshArguments(job: ConfigurationJob, folder: string): string[] {
  const { login, hostKeys } = job;
  const options: Record<string, string> = {
    UserKnownHostsFile: join(folder, 'known_hosts'),
    GlobalKnownHostsFile: '/dev/null',
    // Who is met for the first time is believed and kept; after that it has to be the same.
    StrictHostKeyChecking: hostKeys.length > 0 ? 'yes' : 'accept-new',
    UpdateHostKeys: 'no',
    CheckHostIP: 'no',
    NumberOfPasswordPrompts: '1',
    PreferredAuthentications:
      login.privateKey === null ? 'keyboard-interactive,password' : 'publickey,keyboard-interactive,password',
    IdentitiesOnly: 'yes',
    IdentityFile: login.privateKey === null ? 'none' : join(folder, 'key'),
    IdentityAgent: 'none',
    ConnectTimeout: '10',
    ServerAliveInterval: '10',
    ServerAliveCountMax: '3',
    EscapeChar: 'none',
    ForwardAgent: 'no',
    ForwardX11: 'no',
    PermitLocalCommand: 'no',
    // Below it, ssh keeps to itself that nothing was in common.
    LogLevel: 'INFO',
    User: login.user,
    Port: String(job.port),
    ...(job.oldAlgorithms ? oldAlgorithms : {}),
  };
  return [
    '-F',
    'none',
    '-tt',
    ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    '--',
    job.address,
  ];
}
