import { type FoundByAgent, noIdentity } from '@rackhaus/config/contract';
import { expect, onTestFinished, test } from 'vitest';
import { world } from '../cabling/drift/testing.ts';
import { keepFound } from './found-store.ts';
import { markGone } from './gone.ts';

const scans = [
  { id: 1, name: 'Lesend', credential_ids: '[1]' },
  { id: 2, name: 'Andere Zugangsdaten', credential_ids: '[2]' },
  { id: 3, name: 'Nur Ping', credential_ids: '[]' },
];
const network = '10.0.9.0/24';

const found = (address: string, answers: { ping: boolean; snmp: boolean }): FoundByAgent => ({
  address,
  pingMs: answers.ping ? 1 : null,
  hostName: null,
  tried: answers.snmp ? [{ credential: 1, outcome: 'answers' }] : [],
  said: answers.snmp
    ? {
        credential: 1,
        engineId: null,
        identity: { ...noIdentity, objectId: '1.3.6.1.4.1.99999.1' },
        profile: 'generic',
        kinds: [],
        ports: [],
        addresses: [],
        neighbours: [],
      }
    : null,
});

/** Which of three devices are taken to be gone by a later run of a scan that has heard of none. */
async function goneAfter(scan: number, port = 161): Promise<string[]> {
  const { db, close } = await world();
  onTestFinished(() => close());
  for (const id of [1, 2])
    await db
      .insertInto('credentials')
      .values({ id, name: `lesen-${id}`, protocol: '2c', sealed: '', version: 1 })
      .execute();
  for (const each of scans)
    await db
      .insertInto('discovery_scans')
      .values({
        ...each,
        networks: JSON.stringify([network]),
        exclude: '[]',
        snmp_port: 161,
        agent_id: null,
        neighbours: 1,
        per_second: 50,
        repeat: '{"every":"never"}',
        next_at: null,
        created_at: 0,
      })
      .execute();
  const all = [
    found('10.0.9.1', { ping: true, snmp: true }),
    found('10.0.9.2', { ping: false, snmp: true }),
    found('10.0.8.1', { ping: true, snmp: true }),
  ];
  await keepFound(db, all, { scanId: 1, runId: 1, snmpPort: 161, now: 1000 });
  const run = { scan_id: scan, networks: JSON.stringify([network]), exclude: '[]', snmp_port: port };
  await markGone(db, { ...run, started_at: 2000 }, 3000);
  const rows = await db
    .selectFrom('discovery_found')
    .select('address')
    .where('gone_since', '=', 3000)
    .orderBy('address')
    .execute();
  return rows.map(({ address }) => address);
}

test('what a run has asked and not heard is gone, inside of its networks', async () => {
  expect(await goneAfter(1)).toEqual(['10.0.9.1', '10.0.9.2']);
});

test('of what only answers to SNMP, a run without the right credentials or port says nothing', async () => {
  expect(await goneAfter(2)).toEqual(['10.0.9.1']);
  expect(await goneAfter(3)).toEqual(['10.0.9.1']);
  expect(await goneAfter(1, 1161)).toEqual(['10.0.9.1']);
});
