import { type FoundByAgent, noIdentity, type Role } from '@rackhaus/config/contract';
import { expect, onTestFinished, test } from 'vitest';
import { world } from '../cabling/drift/testing.ts';
import type { Caller } from '../http/route.ts';
import { allNew, planOf } from './all-new.ts';
import { keepFound } from './found-store.ts';
import { seatIndex } from './seats.ts';
import { FoundViews } from './views.ts';

const person = (role: Role): Caller => ({ kind: 'person', userId: 1, name: 'Amt', role, sites: null });
const found = (
  address: string,
  identity: { name?: string; vendor?: string; model?: string } | null,
): FoundByAgent => ({
  address,
  pingMs: 1,
  hostName: null,
  tried: [],
  said: identity && {
    credential: 1,
    engineId: null,
    identity: { ...noIdentity, ...identity, objectId: '1.3.6.1.4.1.99999.1' },
    profile: 'generic',
    kinds: [],
    ports: [],
    addresses: [],
    neighbours: [],
  },
});

/** What taking over all would come to, where these were found. */
async function begin(devices: readonly FoundByAgent[]) {
  const here = await world();
  onTestFinished(() => here.close());
  const credential = { id: 1, name: 'lesen', protocol: '2c' as const, sealed: '', version: 1 };
  await here.db.insertInto('credentials').values(credential).execute();
  const scan = {
    id: 1,
    name: 'Rathaus',
    networks: '[]',
    exclude: '[]',
    credential_ids: '[]',
    snmp_port: 161,
    agent_id: null,
    neighbours: 1 as const,
    per_second: 50,
    repeat: '{"every":"never"}',
    next_at: null,
    created_at: 0,
  };
  await here.db.insertInto('discovery_scans').values(scan).execute();
  await keepFound(here.db, devices, { scanId: 1, runId: 1, snmpPort: 161, now: 1000 });
  const views = new FoundViews({
    db: here.db,
    now: () => 1000,
    index: async () => seatIndex(await here.drift.watch.known()),
    roleOf: () => null,
  });
  return async (makeTypes: boolean, role: Role = 'administrator') =>
    planOf(await allNew({ db: here.db, views }, { search: '', makeTypes, place: 'none' }, person(role)));
}
const switchOf = (name: string) => ({ name, vendor: 'Musterwerk', model: 'Kraft 24' });

test('all new ones are parted into what can be taken over, and the others with why they cannot', async () => {
  const plan = await begin([
    found('10.0.9.1', switchOf('neu-1')),
    found('10.0.9.2', switchOf('neu-2')),
    found('10.0.9.3', switchOf('core')),
    found('10.0.9.4', { name: 'rätsel' }),
    found('10.0.9.5', null),
    found('10.0.9.6', null),
  ]);
  const silentOnes = { reason: 'silent', count: 2 };
  const taken = { reason: 'name-taken', count: 1 };
  expect(await plan(true)).toEqual({
    devices: 2,
    types: 1,
    left: [silentOnes, { reason: 'no-type', count: 1 }, taken],
  });
  // Nobody makes types for them: that is said before their names are looked at.
  const without = { devices: 0, types: 0, left: [silentOnes, { reason: 'no-type', count: 4 }] };
  expect(await plan(false)).toEqual(without);
  expect(await plan(true, 'technician')).toEqual(without);
});

test('where all are silent, nothing can be taken over', async () => {
  const plan = await begin([found('10.0.9.5', null), found('10.0.9.6', null)]);
  expect(await plan(true)).toEqual({ devices: 0, types: 0, left: [{ reason: 'silent', count: 2 }] });
});
