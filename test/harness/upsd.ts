import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type StartedProcess, startProcess } from './process.ts';

export interface RunningUpsd {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Has the UPS say these variables from now on. */
  set(variables: Readonly<Record<string, string>>): void;
  stop(): Promise<void>;
}

/**
 * Debian's upsd on 127.0.0.1 with one UPS, `usv-1`, which says what it is told to (driver dummy-ups). `tls`: files in PEM with which it
 * answers STARTTLS; left out: it refuses that.
 */
export async function startUpsd(
  variables: Readonly<Record<string, string>>,
  tls?: { readonly key: string; readonly certificate: string },
): Promise<RunningUpsd> {
  const folder = mkdtempSync(join(tmpdir(), 'rackhaus-upsd-'));
  const port = await freePort();
  const [user, password] = ['rackhaus', 'only-for-this-ups'];
  const file = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o600 });
  const set = (values: Readonly<Record<string, string>>) =>
    file(
      'usv.dev',
      Object.entries(values)
        .map(([name, value]) => `${name}: ${value}\n`)
        .join(''),
    );
  set(variables);
  file('nut.conf', 'MODE=standalone\n');
  file(
    'ups.conf',
    `[usv-1]\n  driver = dummy-ups\n  port = ${join(folder, 'usv.dev')}\n  desc = "USV im Rathaus"\n`,
  );
  const store = tls === undefined ? '' : certificateStore(join(folder, 'nss'), tls);
  file('upsd.conf', `LISTEN 127.0.0.1 ${port}\nSTATEPATH ${folder}\n${store}`);
  file('upsd.users', `[${user}]\n  password = ${password}\n  upsmon secondary\n`);
  const env = { NUT_CONFPATH: folder, NUT_STATEPATH: folder, NUT_ALTPIDPATH: folder };
  const processes: StartedProcess[] = [];
  const start = async (name: string, command: string, args: string[], ready: () => Promise<boolean>) =>
    processes.push(await startProcess({ name, command, args, env, ready, timeoutMs: 20_000 }));
  // Debian's own in /usr/sbin starts nothing that /etc/nut does not allow. Each would leave root's rights for a user of its own otherwise, who may not read the folder.
  const asSelf = process.getuid?.() === 0 ? ['-u', 'root'] : [];
  await start('upsd', '/lib/nut/upsd', ['-F', ...asSelf], () => answers(port, 'VER', /upsd/));
  await start('dummy-ups', '/lib/nut/dummy-ups', ['-F', '-a', 'usv-1', ...asSelf], () =>
    answers(port, 'GET VAR usv-1 ups.status', /^VAR/),
  );
  return {
    port,
    user,
    password,
    set,
    stop: async () => {
      for (const each of processes.reverse()) await each.stop();
    },
  };
}

/** Debian's upsd keeps keys as NSS does: in a small database with a password. @returns the lines of upsd.conf for it */
function certificateStore(
  folder: string,
  { key, certificate }: { key: string; certificate: string },
): string {
  mkdirSync(folder);
  const [password, file, bundle] = [
    'only-for-this-store',
    join(folder, 'password'),
    join(folder, 'upsd.p12'),
  ];
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { stdio: 'pipe' });
  run('certutil', '-N', '-d', folder, '-f', file);
  const passed = ['-passout', `pass:${password}`];
  run(
    'openssl',
    'pkcs12',
    '-export',
    '-inkey',
    key,
    '-in',
    certificate,
    '-name',
    'upsd',
    '-out',
    bundle,
    ...passed,
  );
  run('pk12util', '-i', bundle, '-d', folder, '-k', file, '-w', file);
  return `CERTPATH ${folder}\nCERTIDENT "upsd" "${password}"\n`;
}

function answers(port: number, question: string, pattern: RegExp): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(1000, () => end(false));
    socket.on('error', () => end(false));
    socket.once('connect', () => socket.write(`${question}\n`));
    socket.once('data', (data) => end(pattern.test(data.toString())));
  });
}
