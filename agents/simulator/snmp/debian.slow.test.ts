import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { SnmpResponder, type SnmpResponderOptions } from './responder.ts';
import { LiveStore } from './store.ts';
import { counter64, integer, octets } from './value.ts';

const run = promisify(execFile);
const installed = existsSync('/usr/bin/snmpbulkwalk');
if (!installed)
  console.warn('snmpbulkwalk (Debian package snmp) is absent: the simulator is not tested against it');

const rows = 300;
const store = new LiveStore([
  { oid: '1.3.6.1.2.1.1.1.0', value: octets('a switch') },
  ...Array.from({ length: rows }, (_, row) => ({
    oid: `1.3.6.1.2.1.2.2.1.1.${row + 1}`,
    value: integer(row),
  })),
  { oid: '1.3.6.1.2.1.31.1.1.1.6.1', value: counter64(2n ** 63n) },
]);

let responder: SnmpResponder | null = null;
afterEach(() => responder?.close());

async function serve(options: Omit<SnmpResponderOptions, 'store'>): Promise<string> {
  responder = new SnmpResponder({ store, ...options });
  const { port } = await responder.listen();
  return `127.0.0.1:${port}`;
}

/** What the tool prints on both streams; a failing tool is told by its words. */
async function tool(name: string, ...parameters: string[]): Promise<string> {
  try {
    const { stdout, stderr } = await run(`/usr/bin/${name}`, ['-On', '-t1', '-r0', ...parameters]);
    return stdout + stderr;
  } catch (error) {
    if (error instanceof Error && 'stderr' in error && 'stdout' in error)
      return `${error.stdout}${error.stderr}`;
    throw error;
  }
}

describe.skipIf(!installed)("Debian's SNMP tools", () => {
  it('walk the whole store in v1 and v2c', async () => {
    const address = await serve({ community: 'public' });
    // The last line says that there is no more.
    const v2 = await tool('snmpbulkwalk', '-v2c', '-cpublic', '-Cr50', address, '.1');
    expect(v2.trim().split('\n')).toHaveLength(rows + 3);
    expect(v2).toContain('Counter64: 9223372036854775808');
    const v1 = await tool('snmpwalk', '-v1', '-cpublic', address, '.1');
    expect(v1.match(/INTEGER/g)).toHaveLength(rows);
    expect(v1).not.toContain('Counter64');
  });

  const protocols = [
    ['md5', 'MD5', 'des', 'DES'],
    ['sha', 'SHA', 'aes', 'AES'],
    ['sha224', 'SHA-224', 'aes', 'AES'],
    ['sha256', 'SHA-256', 'aes', 'AES'],
    ['sha384', 'SHA-384', 'aes256b', 'AES-256'],
    ['sha512', 'SHA-512', 'aes256b', 'AES-256'],
    ['sha', 'SHA', 'aes256r', 'AES-256-C'],
  ] as const;
  it.each(protocols)('walk with %s (%s) and %s (%s)', async (auth, authName, priv, privName) => {
    const address = await serve({
      v3Users: [
        {
          user: 'u',
          auth: { protocol: auth, key: 'authpass12' },
          priv: { protocol: priv, key: 'privpass12' },
        },
      ],
    });
    const keys = ['-a', authName, '-A', 'authpass12', '-x', privName, '-X', 'privpass12'];
    const output = await tool('snmpbulkwalk', '-v3', '-l', 'authPriv', '-u', 'u', ...keys, address, '.1');
    if (/(Invalid|Unknown) (privacy|authentication) protocol|DES|not supported/i.test(output)) {
      console.warn(`this snmpbulkwalk has no ${authName} with ${privName}: ${output.slice(0, 80)}`);
      return;
    }
    expect(output.trim().split('\n')).toHaveLength(rows + 3);
  });

  it('understand what is wrong with their keys', async () => {
    const address = await serve({
      v3Users: [
        {
          user: 'u',
          auth: { protocol: 'sha256', key: 'authpass12' },
          priv: { protocol: 'aes', key: 'privpass12' },
        },
        { user: 'open' },
      ],
    });
    const get = (level: string, user: string, auth: string, priv: string) =>
      tool(
        'snmpget',
        '-v3',
        '-l',
        level,
        '-u',
        user,
        '-a',
        'SHA-256',
        '-A',
        auth,
        '-x',
        'AES',
        '-X',
        priv,
        address,
        '1.3.6.1.2.1.1.1.0',
      );
    expect(await get('authPriv', 'u', 'authpass12', 'privpass12')).toContain('a switch');
    expect(await get('authPriv', 'u', 'wrongpass1', 'privpass12')).toContain('Authentication failure');
    expect(await get('authPriv', 'u', 'authpass12', 'wrongpass1')).toContain('Decryption error');
    expect(await get('authPriv', 'nobody', 'authpass12', 'privpass12')).toContain('Unknown user name');
    expect(await get('authNoPriv', 'u', 'authpass12', 'privpass12')).toContain('authorizationError');
    expect(await get('authPriv', 'open', 'authpass12', 'privpass12')).toContain('Unsupported security level');
    expect(
      await tool('snmpget', '-v3', '-l', 'noAuthNoPriv', '-u', 'open', address, '1.3.6.1.2.1.1.1.0'),
    ).toContain('a switch');
  });
});
