import { describe, expect, it } from 'vitest';
import { parseArguments, parseGateway, UsageError } from './options.ts';

const server = ['--server', 'http://127.0.0.1:8080'];

describe('parseArguments', () => {
  it('takes a token or a file that holds it', () => {
    expect(parseArguments([...server, '--token', 'abc', '--data', '/tmp/x'])).toEqual({
      server: new URL('http://127.0.0.1:8080'),
      token: { value: 'abc' },
      dataDir: '/tmp/x',
      fingerprint: null,
      networks: null,
    });
    expect(parseArguments(server)).toMatchObject({ token: null });
    expect(parseArguments([...server, '--token-file', '/tmp/t'])).toMatchObject({
      token: { file: '/tmp/t' },
    });
    expect(parseArguments(['--help'])).toBe('help');
  });

  it.each([
    [[], /--server is missing/],
    [[...server, '--networks', '10.0.0.1/8'], /--networks: "10.0.0.1\/8"/],
    [[...server, '--fingerprint', 'sha256:00'], /64/],
    [[...server, '--fingerprint', `sha256:${'0'.repeat(64)}`], /https/],
    [['--server', 'backend:8080', '--token', 'a'], /http/],
    [['--server', 'not an address', '--token', 'a'], /--server/],
    [['--server', 'ftp://backend', '--token', 'a'], /http/],
    [['--server', 'http://user:pw@backend', '--token', 'a'], /password/],
    [[...server, '--token', 'a', '--token-file', 'b'], /exclude/],
    [[...server, '--token', 'a\r\nx: y'], /--token/],
    [[...server, '--tokn', 'a'], /tokn/],
    [[...server, '--token', 'a', 'stray'], /stray/],
  ])('refuses %j', (args, message) => {
    expect(() => parseArguments(args)).toThrow(UsageError);
    expect(() => parseArguments(args)).toThrow(message);
  });
});

describe('parseGateway', () => {
  it('takes an address or nobody, and names what is neither', async () => {
    expect(await parseGateway('10.1.0.5')()).toBe('10.1.0.5');
    expect(await parseGateway('fd00::5')()).toBe('fd00::5');
    expect(await parseGateway('none')()).toBeNull();
    expect(() => parseGateway('router')).toThrow('GATEWAY must be an IP address or "none", not "router"');
  });
});
