import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Namespace } from './namespace.ts';
import { type StartedProcess, startProcess } from './process.ts';

const index = [{ labelname: 'ifIndex', type: 'gauge' }];
const ifEntry = '1.3.6.1.2.1.2.2.1';
const ifXEntry = '1.3.6.1.2.1.31.1.1.1';

/** The twelve columns of the comparison: those that Rackhaus reads at every poll. */
export const twelveColumns: readonly (readonly [name: string, oid: string, type: string])[] = [
  ['ifAdminStatus', `${ifEntry}.7`, 'gauge'],
  ['ifOperStatus', `${ifEntry}.8`, 'gauge'],
  ['ifLastChange', `${ifEntry}.9`, 'gauge'],
  ['ifInDiscards', `${ifEntry}.13`, 'counter'],
  ['ifInErrors', `${ifEntry}.14`, 'counter'],
  ['ifOutDiscards', `${ifEntry}.19`, 'counter'],
  ['ifOutErrors', `${ifEntry}.20`, 'counter'],
  ['ifName', `${ifXEntry}.1`, 'DisplayString'],
  ['ifHCInOctets', `${ifXEntry}.6`, 'counter'],
  ['ifHCOutOctets', `${ifXEntry}.10`, 'counter'],
  ['ifHighSpeed', `${ifXEntry}.15`, 'gauge'],
  ['ifCounterDiscontinuityTime', `${ifXEntry}.19`, 'gauge'],
];

const wholeTables: readonly (readonly [name: string, oid: string, type: string])[] = [
  ...[1, 3, 4, 5, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 19, 20, 21].map(
    (n) => [`ifEntry${n}`, `${ifEntry}.${n}`, 'gauge'] as const,
  ),
  ...[2].map((n) => [`ifEntry${n}`, `${ifEntry}.${n}`, 'DisplayString'] as const),
  ...[6].map((n) => [`ifEntry${n}`, `${ifEntry}.${n}`, 'PhysAddress48'] as const),
  ...[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19].map(
    (n) => [`ifXEntry${n}`, `${ifXEntry}.${n}`, 'gauge'] as const,
  ),
  ...[1, 18].map((n) => [`ifXEntry${n}`, `${ifXEntry}.${n}`, 'DisplayString'] as const),
];

/** Labels that its own generator gives each metric of the whole tables (module if_mib): a port's names. */
const portNames = [
  ['ifAlias', `${ifXEntry}.18`],
  ['ifDescr', `${ifEntry}.2`],
  ['ifName', `${ifXEntry}.1`],
].map(([labelname, oid]) => ({ labels: ['ifIndex'], labelname, oid, type: 'DisplayString' }));

function snmpModule(
  walk: readonly string[],
  columns: typeof twelveColumns,
  auth: Record<string, unknown>,
  lookups: readonly unknown[] = [],
): Record<string, unknown> {
  return {
    walk,
    max_repetitions: 25,
    ...auth,
    metrics: columns.map(([name, oid, type]) => ({ name, oid, type, help: name, indexes: index, lookups })),
  };
}

export interface SnmpExporter extends StartedProcess {
  /** Scrapes once and returns the text. */
  scrape(module: 'columns' | 'tables' | 'columns-v3', target: string): Promise<string>;
}

/** Prometheus' snmp_exporter (Debian package) as the peer: same columns, whole tables, and same columns by SNMPv3. */
export async function startSnmpExporter(options: {
  readonly port: number;
  readonly namespace: Namespace;
  readonly v3User: { readonly name: string; readonly authKey: string; readonly privKey: string };
  /** Fetches a URL from inside the namespace. */
  readonly fetchText: (url: string) => Promise<string>;
}): Promise<SnmpExporter> {
  const folder = mkdtempSync(join(tmpdir(), 'rackhaus-exporter-'));
  const v2 = { version: 2, auth: { community: 'public' } };
  const v3 = {
    version: 3,
    auth: {
      username: options.v3User.name,
      security_level: 'authPriv',
      password: options.v3User.authKey,
      auth_protocol: 'SHA256',
      priv_protocol: 'AES',
      priv_password: options.v3User.privKey,
    },
  };
  const columnOids = twelveColumns.map(([, oid]) => oid);
  writeFileSync(
    join(folder, 'snmp.yml'),
    stringify({
      columns: snmpModule(columnOids, twelveColumns, v2),
      tables: snmpModule(['1.3.6.1.2.1.2.2', '1.3.6.1.2.1.31.1.1'], wholeTables, v2, portNames),
      'columns-v3': snmpModule(columnOids, twelveColumns, v3),
    }),
  );
  const url = `http://127.0.0.1:${options.port}`;
  const [command, ...args] = [
    ...options.namespace.prefix,
    'prometheus-snmp-exporter',
    `--config.file=${join(folder, 'snmp.yml')}`,
    `--web.listen-address=127.0.0.1:${options.port}`,
  ];
  const started = await startProcess({
    name: 'snmp-exporter',
    command: command ?? 'ip',
    args,
    ready: () =>
      options.fetchText(`${url}/metrics`).then(
        () => true,
        () => false,
      ),
  });
  return {
    ...started,
    scrape: (module, target) => options.fetchText(`${url}/snmp?module=${module}&target=${target}`),
  };
}
