import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestCertificates } from './certificates.ts';
import { freePort, type StartedProcess, startProcess } from './process.ts';

export interface RunningSlapd extends StartedProcess {
  readonly ldaps: string;
  /** The same without encryption from the start: for StartTLS. */
  readonly ldap: string;
  readonly root: { readonly dn: string; readonly password: string };
  /** Changes entries as its administrator, in LDIF. */
  modify(ldif: string): void;
}

export const suffix = 'dc=rathaus,dc=test';

/** Debian's slapd with these entries, in a folder of its own and on free ports. It keeps `memberOf`, and knows some of what AD has. */
export async function startSlapd(entries: string, certificates: TestCertificates): Promise<RunningSlapd> {
  const folder = mkdtempSync(join(tmpdir(), 'rackhaus-slapd-'));
  const config = join(folder, 'slapd.conf');
  const data = join(folder, 'data');
  mkdirSync(data);
  const root = { dn: `cn=root,${suffix}`, password: 'root of this test' };
  const integer = '1.3.6.1.4.1.1466.115.121.1.27';
  const lines = [
    ...['core', 'cosine', 'inetorgperson'].map((name) => `include /etc/ldap/schema/${name}.schema`),
    `attributetype ( 1.3.6.1.4.1.99999.1.1 NAME 'userAccountControl' SYNTAX ${integer} SINGLE-VALUE )`,
    `attributetype ( 1.3.6.1.4.1.99999.1.2 NAME 'objectGUID' SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 EQUALITY octetStringMatch SINGLE-VALUE )`,
    `attributetype ( 1.3.6.1.4.1.99999.1.3 NAME 'sAMAccountName' SUP name SINGLE-VALUE )`,
    `objectclass ( 1.3.6.1.4.1.99999.2.1 NAME 'adAccount' SUP top AUXILIARY MAY ( userAccountControl $ objectGUID $ sAMAccountName ) )`,
    'modulepath /usr/lib/ldap',
    'moduleload back_mdb',
    'moduleload memberof',
    'moduleload refint',
    `pidfile ${join(folder, 'slapd.pid')}`,
    `TLSCACertificateFile ${certificates.caFile}`,
    `TLSCertificateFile ${certificates.certFile}`,
    `TLSCertificateKeyFile ${certificates.keyFile}`,
    'database mdb',
    `suffix "${suffix}"`,
    `rootdn "${root.dn}"`,
    `rootpw "${root.password}"`,
    `directory ${data}`,
    // As directories are set up: nobody reads without signing in, and nobody reads passwords.
    'access to attrs=userPassword by anonymous auth by * none',
    'access to * by users read by * none',
    'overlay memberof',
    // Groups follow somebody who is renamed.
    'overlay refint',
    'refint_attributes member memberOf',
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  const ports = { ldap: await freePort(), ldaps: await freePort() };
  const ldap = `ldap://127.0.0.1:${ports.ldap}`;
  const ldaps = `ldaps://127.0.0.1:${ports.ldaps}`;
  const started = await startProcess({
    name: 'slapd',
    command: '/usr/sbin/slapd',
    // -d keeps it in the foreground.
    args: ['-d', '256', '-f', config, '-h', `${ldap} ${ldaps}`],
    ready: () => listens(ports.ldaps),
  });
  const asRoot = (command: string, ldif: string, args: readonly string[] = []) =>
    execFileSync(command, ['-x', '-H', ldap, '-D', root.dn, '-w', root.password, ...args], {
      input: ldif,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  asRoot('ldapadd', entries);
  return { ...started, ldap, ldaps, root, modify: (ldif) => void asRoot('ldapmodify', ldif) };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
