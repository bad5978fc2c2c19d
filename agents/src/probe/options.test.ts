import { describe, expect, it } from 'vitest';
import { parseProbeArguments, UsageError } from './options.ts';

const credentials = (...args: string[]) => parseProbeArguments(['--host', 'sw1', ...args]).credentials;

describe('arguments of the probe', () => {
  it('default to v2c, public, port 161', () => {
    expect(parseProbeArguments(['--host', 'sw1'])).toMatchObject({
      host: 'sw1',
      port: 161,
      credentials: { version: '2c', community: 'public' },
      json: false,
      once: false,
    });
    expect(credentials('--version', '1', '--community', 'x')).toEqual({ version: '1', community: 'x' });
  });

  it('take SNMPv3 in one word or in single options', () => {
    const expected = {
      version: '3',
      user: 'anna',
      auth: { protocol: 'sha256', key: 'a:b,c=12' },
      priv: { protocol: 'aes', key: 'privkey1' },
    };
    expect(credentials('--v3', 'user=anna,auth=SHA-256:a:b\\,c=12,priv=AES128:privkey1')).toEqual(expected);
    expect(
      credentials(
        '--v3-user',
        'anna',
        '--v3-auth',
        'sha256',
        '--v3-auth-key',
        'a:b,c=12',
        '--v3-priv',
        'aes',
        '--v3-priv-key',
        'privkey1',
      ),
    ).toEqual(expected);
  });

  it.each([
    [['--port', '0', '--host', 'x'], '--port'],
    [['--json'], '--host is missing'],
    [['--host', 'x', '--v3', 'auth=sha:12345678'], 'user'],
    [['--host', 'x', '--v3', 'user=a,auth=rot13:12345678'], 'protocol'],
    [['--host', 'x', '--v3-user', 'a', '--v3-auth', 'sha'], '--v3-auth-key'],
    [['--host', 'x', '--version', '4'], 'version'],
    [['--host', 'x', '--what'], '--what'],
  ])('%j is refused with a reason', (args, reason) => {
    expect(() => parseProbeArguments(args)).toThrow(UsageError);
    expect(() => parseProbeArguments(args)).toThrow(reason);
  });
});
