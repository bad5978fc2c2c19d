import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Namespace } from './namespace.ts';
import { type StartedProcess, startProcess } from './process.ts';

export interface SnmpdOptions {
  readonly port: number;
  /** Where it listens besides 127.0.0.1. */
  readonly address?: string;
  readonly namespace?: Namespace;
  readonly v3User?: { readonly name: string; readonly authKey: string; readonly privKey: string };
  /** Shows what a switch shows: system, interfaces, entities, neighbours; not the machine's disks and processors. */
  readonly asSwitch?: boolean;
  /** A socket for sub-agents such as lldpd. */
  readonly agentxSocket?: string;
}

/** Debian's snmpd on 127.0.0.1 with community `public`, and one SHA-256/AES user when asked. */
export function startSnmpd(options: SnmpdOptions): Promise<StartedProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'rackhaus-snmpd-'));
  const config = join(folder, 'snmpd.conf');
  const lines = [
    `agentAddress ${['127.0.0.1', options.address]
      .filter((address) => address !== undefined)
      .map((address) => `udp:${address}:${options.port}`)
      .join(',')}`,
    ...['1.3.6.1.2.1.1', '1.3.6.1.2.1.2', '1.3.6.1.2.1.31', '1.3.6.1.2.1.47', '1.3.6.1.6', '1.0.8802'].map(
      (subtree) => `view switch included .${subtree}`,
    ),
    `rocommunity public ${options.asSwitch ? 'default -V switch' : ''}`,
    'sysLocation Serverraum',
    // Stock snmpd caps a GETBULK answer at 100 values; real switches do not.
    'maxGetbulkResponses -1',
  ];
  if (options.agentxSocket) lines.push('master agentx', `agentXSocket unix:${options.agentxSocket}`);
  if (options.v3User)
    lines.push(`rouser ${options.v3User.name} authpriv ${options.asSwitch ? '-V switch' : ''}`);
  writeFileSync(config, `${lines.join('\n')}\n`);
  if (options.v3User) {
    const { name, authKey, privKey } = options.v3User;
    writeFileSync(join(folder, 'snmpd.conf.persistent'), '');
    writeFileSync(config, `createUser ${name} SHA-256 "${authKey}" AES "${privKey}"\n`, { flag: 'a' });
  }
  const prefix = options.namespace?.prefix ?? [];
  const [command, ...args] = [
    ...prefix,
    '/usr/sbin/snmpd',
    '-f',
    '-LE',
    '3',
    '-C',
    '-c',
    config,
    '-I',
    '-smux',
  ];
  const ask = () => {
    const [get, ...rest] = [
      ...prefix,
      'snmpget',
      '-v2c',
      '-c',
      'public',
      '-t',
      '0.3',
      '-r',
      '0',
      `127.0.0.1:${options.port}`,
      '1.3.6.1.2.1.1.3.0',
    ];
    try {
      execFileSync(get ?? 'snmpget', rest, { stdio: 'ignore' });
      return Promise.resolve(true);
    } catch {
      // Not answering yet: that is what this asks.
      return Promise.resolve(false);
    }
  };
  return startProcess({
    name: 'snmpd',
    command: command ?? '/usr/sbin/snmpd',
    args,
    // Without MIB files, which this needs none of, it would print a page of complaints.
    env: { SNMP_PERSISTENT_DIR: folder, MIBS: '' },
    ready: ask,
  });
}
