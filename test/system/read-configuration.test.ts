import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { readConfiguration } from '@rackhaus/agents/configurations';
import { ConfigurationJob } from '@rackhaus/config/contract';
import { Profile, profileSet } from '@rackhaus/config/profiles';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandLine, type RunningSshd, startSshd } from '../harness/sshd.ts';

const configuration = [
  'Building configuration...',
  '',
  'hostname core-1',
  'username admin secret 9 $9$abcdef',
  'banner motd ^C',
  'core-1> is not a prompt, and # neither',
  '^C',
  ...Array.from(
    { length: 120 },
    (_, index) => `interface GigabitEthernet1/0/${index + 1}\n description Büro ${index}\n!`,
  ),
  'end',
].join('\n');
const commandLine: CommandLine = {
  enable: 'alles zeigen',
  prompt: 'core-1',
  configuration,
  page: 24,
  pager: ' --More-- ',
  banner: '\nNur für Befugte!\n*** Zugriffe werden aufgezeichnet ***\n\n',
};
const profiles = profileSet(
  new Map(
    [
      { id: 'paged', configuration: { enable: 'enable', show: ['show running-config'] } },
      {
        id: 'whole',
        configuration: { enable: 'enable', setup: ['terminal length 0'], show: ['show running-config'] },
      },
      { id: 'other', configuration: { show: ['display current-configuration'] } },
      { id: 'none' },
    ].map((profile) => [profile.id, Profile.parse({ title: profile.id, ...profile })]),
  ),
);

let sshd: RunningSshd;
beforeAll(async () => {
  sshd = await startSshd({ commandLine });
});
afterAll(() => sshd?.stop());

function read(changes: Record<string, unknown> = {}, login: Record<string, unknown> = {}) {
  const job = ConfigurationJob.parse({
    id: '1',
    deviceId: 7,
    address: '127.0.0.1',
    port: sshd.port,
    profile: 'paged',
    login: { user: sshd.user, password: sshd.password, enable: 'alles zeigen', ...login },
    hostKeys: [],
    oldAlgorithms: false,
    ...changes,
  });
  return readConfiguration(job, profiles, new AbortController().signal);
}

describe('a configuration read over SSH', () => {
  it.each(['paged', 'whole'])('comes whole and without pages, prompts and echoes: %s', async (profile) => {
    const answer = await read({ profile });
    expect(answer).toMatchObject({ outcome: 'read', detail: null });
    expect(answer.text).toBe(`${configuration}\n`);
    expect(answer.hostKeys).toEqual([expect.stringMatching(/^ssh-ed25519 /)]);
  });

  it('takes a key instead of a password', async () => {
    expect(await read({}, { password: null, privateKey: sshd.key })).toMatchObject({ outcome: 'read' });
    expect(await read({}, { password: null, privateKey: sshd.otherKey })).toMatchObject({
      outcome: 'wrong-login',
      text: null,
    });
  });

  it('says what is wrong, and never a secret', async () => {
    const answers = await Promise.all([
      read({}, { password: 'falsch geraten' }),
      read({}, { enable: 'auch falsch' }),
      read({ profile: 'other' }, { enable: null }),
      read({ profile: 'none' }),
      read({ port: 1 }),
    ]);
    expect(answers.map(({ outcome }) => outcome)).toEqual([
      'wrong-login',
      'wrong-enable',
      'not-understood',
      'no-dialogue',
      'unreachable',
    ]);
    expect(JSON.stringify(answers)).not.toMatch(/falsch|verschn|alles zeigen/);
  });

  it('speaks only to whom it has met before', async () => {
    const { hostKeys } = await read();
    expect(await read({ hostKeys })).toMatchObject({ outcome: 'read', hostKeys });
    const other = await startSshd({ commandLine });
    try {
      const refused = await read({ hostKeys, port: other.port });
      expect(refused).toMatchObject({ outcome: 'other-host-key', text: null });
      const { hostKeys: offered } = await read({ port: other.port });
      expect(refused.hostKeys).toEqual(offered);
    } finally {
      await other.stop();
    }
  });

  it('uses what is not safe any more only where that is allowed', async () => {
    const old = await startSshd({
      commandLine,
      lines: ['KexAlgorithms diffie-hellman-group14-sha1', 'Ciphers aes128-cbc', 'MACs hmac-sha1'],
    });
    try {
      expect(await read({ port: old.port })).toMatchObject({ outcome: 'no-common-algorithm' });
      expect(await read({ port: old.port, oldAlgorithms: true })).toMatchObject({ outcome: 'read' });
    } finally {
      await old.stop();
    }
  });

  it('leaves nothing behind', () => {
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('rackhaus-ssh-'))).toEqual([]);
  });
});
