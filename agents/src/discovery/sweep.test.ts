import { type DiscoveryJob, type FoundByAgent, noIdentity } from '@rackhaus/config/contract';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Credential, Said } from './recognise.ts';
import { questions, Sweep, type SweepParts } from './sweep.ts';

const community = (id: number): Credential => ({
  id,
  port: 161,
  credentials: { version: '2c', community: `c${id}` },
});
const user = (id: number): Credential => ({
  id,
  port: 161,
  credentials: { version: '3', user: `u${id}` },
});
const said = (credential: number, neighbours: readonly string[] = []): Said => ({
  credential,
  engineId: null,
  identity: { ...noIdentity, objectId: null },
  profile: 'generic',
  kinds: [],
  ports: [],
  addresses: [],
  neighbours: neighbours.map((managementAddress) => ({
    localPort: '1',
    protocol: 'lldp',
    chassis: null,
    remotePort: '2',
    remoteName: 'next',
    remoteDescription: null,
    portDescription: null,
    managementAddress,
  })),
});

interface Town {
  /** Who answers ping, and who answers which set. */
  readonly pings?: readonly string[];
  readonly answers: Readonly<Record<string, number>>;
  readonly neighbours?: Readonly<Record<string, readonly string[]>>;
  readonly nobody?: readonly string[];
}

async function look(town: Town, job: Partial<DiscoveryJob> & Pick<DiscoveryJob, 'credentials'>) {
  const found: FoundByAgent[] = [];
  const asked: string[] = [];
  const parts: SweepParts = {
    echo: async (address) => ({ rttMs: town.pings?.includes(address) ? 1 : null }),
    tryCredentials: async (address, credentials) => {
      const tried: FoundByAgent['tried'] = [];
      for (const credential of credentials) {
        asked.push(`${address}/${credential.id}`);
        const answers = town.answers[address] === credential.id;
        tried.push({ credential: credential.id, outcome: answers ? 'answers' : 'silent' });
        if (answers) return { tried, answers: credential };
      }
      return { tried, answers: null };
    },
    readDevice: async (address, { id }) => said(id, town.neighbours?.[address]),
    macOf: async (address) => (town.nobody?.includes(address) ? 'nobody' : null),
    nameOf: async () => null,
    allows: () => true,
    found: (one) => found.push(one),
    room: async () => {},
    monotonicMs: () => performance.now(),
    log: pino({ level: 'silent' }),
  };
  const sweep = new Sweep(
    {
      run: 1,
      networks: ['10.0.0.0/29'],
      exclude: [],
      allowed: ['10.0.0.0/16'],
      neighbours: true,
      perSecond: 500,
      ...job,
    },
    parts,
  );
  await sweep.run(new AbortController().signal);
  return { found, asked, progress: sweep.progress };
}

describe('an address that answers no ping', () => {
  it('is found by whichever set it answers, and each set is asked once', async () => {
    const { found, asked, progress } = await look(
      { answers: { '10.0.0.2': 3, '10.0.0.4': 1 } },
      { credentials: [1, 2, 3].map(community) },
    );
    expect(found.map(({ address }) => address).sort()).toEqual(['10.0.0.2', '10.0.0.4']);
    expect(found.find(({ address }) => address === '10.0.0.2')?.tried).toEqual([
      { credential: 1, outcome: 'silent' },
      { credential: 2, outcome: 'silent' },
      { credential: 3, outcome: 'answers' },
    ]);
    expect(asked.filter((each) => each.startsWith('10.0.0.4/'))).toEqual(['10.0.0.4/1']);
    expect(new Set(asked).size).toBe(asked.length);
    // Five of the six addresses were asked with both of the other sets.
    expect(progress).toMatchObject({ done: 6 + 5 * 2, total: 6 + 5 * 2, found: 2, recognised: 2 });
  });

  it('is asked no more where nobody has it', async () => {
    const { asked } = await look(
      { answers: {}, nobody: ['10.0.0.3'] },
      { credentials: [1, 2].map(community) },
    );
    expect(asked.filter((each) => each.startsWith('10.0.0.3/'))).toHaveLength(1);
    expect(asked.filter((each) => each.startsWith('10.0.0.2/'))).toHaveLength(2);
  });

  it('has its neighbours followed, too', async () => {
    const { found } = await look(
      { answers: { '10.0.0.2': 2, '10.0.7.7': 2 }, neighbours: { '10.0.0.2': ['10.0.7.7'] } },
      { credentials: [1, 2].map(community) },
    );
    expect(found.map(({ address }) => address)).toEqual(['10.0.0.2', '10.0.7.7']);
  });
});

describe('neighbours that a device names', () => {
  const town: Town = {
    pings: ['10.0.0.2', '10.0.7.7', '10.1.0.1'],
    answers: { '10.0.0.2': 1, '10.0.7.7': 1, '10.1.0.1': 1 },
    neighbours: { '10.0.0.2': ['10.0.7.7', '10.1.0.1', '10.0.0.2'], '10.0.7.7': ['10.0.0.2', '10.0.7.7'] },
  };
  it('are asked once, where they may be', async () => {
    const { found, asked } = await look(town, { credentials: [community(1)] });
    expect(found.map(({ address }) => address)).toEqual(['10.0.0.2', '10.0.7.7']);
    expect(asked).not.toContain('10.1.0.1/1');
  });
  it('are not asked where nobody wants it', async () => {
    const { found } = await look(town, { credentials: [community(1)], neighbours: false });
    expect(found.map(({ address }) => address)).toEqual(['10.0.0.2']);
  });
  it('are not asked where they are left out', async () => {
    const { found } = await look(town, { credentials: [community(1)], exclude: ['10.0.7.0/24'] });
    expect(found.map(({ address }) => address)).toEqual(['10.0.0.2']);
  });
});

it('asks all users of SNMPv3 with one question, each community with its own', () => {
  const ids = questions([user(1), community(2), user(3), community(4)]).map((set) => set.map(({ id }) => id));
  expect(ids).toEqual([[1, 3], [2], [4]]);
});
