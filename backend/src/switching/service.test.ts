import { randomUUID } from 'node:crypto';
import type { AssignedDevice, SwitchOrder } from '@rackhaus/config/contract';
import { loadProfiles } from '@rackhaus/config/profiles';
import { beforeEach, expect, test } from 'vitest';
import { testAudit } from '../audit/testing.ts';
import type { Caller } from '../http/route.ts';
import { townHallInventory } from '../inventory/testing.ts';
import { SwitchingCredentials } from './credentials.ts';
import { SwitchJobs } from './jobs.ts';
import { SwitchJournal } from './journal.ts';
import { orderedBy } from './order-rules.ts';
import { OutletSwitching } from './service.ts';

const { db, inventory, secretBox } = await townHallInventory();
const profiles = await loadProfiles();
const { id: pdu } = await db
  .selectFrom('devices')
  .select('id')
  .where('name', '=', 'PDU 2B')
  .executeTakeFirstOrThrow();
const now = Date.now;
const audit = testAudit(db, now);
const credentials = new SwitchingCredentials({ db, secretBox, audit, now });
const jobs = new SwitchJobs({ now });
const agent = { id: 1, name: 'Agent' };
const assigned: AssignedDevice = {
  id: pdu,
  name: 'PDU 2B',
  address: '10.0.0.7',
  snmp: { port: 161, credentials: { version: '2c', community: 'public' } },
  profile: null,
  intervalSeconds: 60,
  ping: false,
  tcp: [],
};
let profile: string;
const outlet = { row: 'apc-pdu-outlets 1', among: 3, label: 'Firewall', unit: '1 (A)' };
let polled: AssignedDevice | undefined;
let observed: [string, typeof outlet][];
const switching = new OutletSwitching({
  db,
  audit,
  sites: inventory.sites,
  profiles: () => profiles,
  sources: {
    deviceOf: () => polled,
    agentOf: () => (polled === undefined ? null : agent.id),
    agents: async () => [agent],
    readingsOf: () =>
      ['1', '2', '10'].map((entity) => ({
        kind: 'outlet',
        entity,
        time: now(),
        values: { state: 1, power: 0 },
      })),
    observationOf: async () => ({
      profile,
      entities: observed.map(([entity, each]) => ({
        kind: 'outlet',
        entity,
        label: 'Firewall',
        outlet: each,
      })),
    }),
  },
  credentials,
  journal: new SwitchJournal({ db, audit, now }),
  jobs,
  now,
});

type Person = Extract<Caller, { kind: 'person' }>;
const person = (change: Partial<Person> = {}): Person => ({
  kind: 'person',
  userId: 1,
  name: 'Jana',
  role: 'administrator',
  sites: null,
  maySwitch: true,
  ...change,
});
const writer = { by: { kind: 'person', id: 1, name: 'Jana' }, address: null } as const;
const order = (change: Partial<SwitchOrder> = {}): SwitchOrder => ({
  id: randomUUID(),
  outlet: '1',
  seen: null,
  command: 'on',
  confirm: '',
  reason: '',
  ...change,
});
const give = (change: Partial<SwitchOrder> = {}, caller = person()) =>
  switching.order(pdu, order(change), caller, orderedBy(caller, null));

beforeEach(async () => {
  await db
    .updateTable('device_monitoring')
    .set({ address: assigned.address })
    .where('device_id', '=', pdu)
    .execute();
  profile = 'apc-pdu';
  polled = assigned;
  observed = [['1', outlet]];
  await db.deleteFrom('outlet_locks').execute();
  jobs.heard(agent.id, true);
  await credentials.set(pdu, { version: '2c', community: 'schalten' }, writer);
});

test('what is in the way is said in order: first what is missing at the device, then what the account lacks', async () => {
  const obstacles = async (caller = person()) => (await switching.of(pdu, caller)).obstacles;
  expect(await obstacles()).toEqual([]);
  jobs.keepOnly(new Set());
  jobs.heard(agent.id, false);
  expect(await obstacles()).toEqual(['agent-old']);
  await expect(give()).rejects.toMatchObject({ details: { reason: 'agent-old' } });
  profile = 'cisco-ios';
  polled = undefined;
  await credentials.set(pdu, null, writer);
  expect(await obstacles(person({ maySwitch: false }))).toEqual(['profile', 'agent', 'credentials', 'right']);
  expect(await obstacles(person({ role: 'viewer' }))).toEqual(['profile', 'agent', 'credentials', 'role']);
});

test('what may be written goes to no other address than the one that it was set for', async () => {
  const at = (address: string) =>
    db.updateTable('device_monitoring').set({ address }).where('device_id', '=', pdu).execute();
  await at('10.0.0.8');
  expect((await switching.of(pdu, person())).obstacles).toEqual(['credentials-elsewhere']);
  await expect(give()).rejects.toMatchObject({ details: { reason: 'credentials-elsewhere' } });
  // An order that was under way when the address was changed.
  const device = { id: pdu, name: 'PDU 2B', address: '10.0.0.8' };
  expect(await credentials.handOut(device, agent)).toBeNull();
  await credentials.set(pdu, { version: '2c', community: 'schalten' }, writer);
  expect((await switching.of(pdu, person())).obstacles).toEqual([]);
  expect(await credentials.handOut(device, agent)).toMatchObject({ community: 'schalten' });
});

test('a locked outlet is switched by nobody, and says who locked it and why', async () => {
  await switching.lock(pdu, { outlet: '2', locked: true, note: 'Firewall' }, person(), writer);
  const { outlets } = await switching.of(pdu, person());
  expect(outlets.map(({ name, locked }) => [name, locked?.note])).toEqual([
    ['1', undefined],
    ['2', 'Firewall'],
    ['10', undefined],
  ]);
  await expect(give({ outlet: '2' })).rejects.toMatchObject({ details: { reason: 'locked' } });
});

test('a lock stays with its unit when another gets its number, until somebody unlocks it', async () => {
  await switching.lock(pdu, { outlet: '1', locked: true, note: 'Firewall' }, person(), writer);
  const before = outlet;
  observed = [
    ['1', { ...before, unit: '2 (B)' }],
    ['10', { ...before, unit: '1 (A)' }],
  ];
  const locked = async () =>
    (await switching.of(pdu, person())).outlets.flatMap(({ name, locked: by }) => (by ? [name] : []));
  expect(await locked()).toEqual(['1', '10']);
  await expect(give({ outlet: '10' })).rejects.toMatchObject({ details: { reason: 'locked' } });
  await switching.lock(pdu, { outlet: '10', locked: false, note: '' }, person(), writer);
  expect(await locked()).toEqual([]);
});

test('who may not switch does not unlock; administrators do, but no program of theirs', async () => {
  const unlock = (caller: Caller) =>
    switching.lock(pdu, { outlet: '2', locked: false, note: '' }, caller, writer);
  const token = { id: 1, name: 'Skript' };
  const refused = [
    person({ role: 'technician', maySwitch: false }),
    person({ role: 'on-call' }),
    person({ maySwitch: false, token }),
  ];
  for (const caller of refused) {
    expect((await switching.of(pdu, caller)).mayUnlock).toBe(false);
    await expect(unlock(caller)).rejects.toMatchObject({ details: { reason: 'no-unlocking' } });
  }
  for (const caller of [person({ role: 'technician' }), person({ maySwitch: false })]) {
    await switching.lock(
      pdu,
      { outlet: '2', locked: true, note: '' },
      person({ maySwitch: false, role: 'technician' }),
      writer,
    );
    expect((await switching.of(pdu, caller)).mayUnlock).toBe(true);
    await unlock(caller);
  }
  expect((await switching.of(pdu, person())).outlets.every(({ locked }) => locked === null)).toBe(true);
});

test('an order that no agent takes is worth nothing, and nothing was switched', async () => {
  const ordered = give({ reason: 'Probe' });
  await expect.poll(() => jobs.has(agent.id)).toBe(true);
  jobs.keepOnly(new Set());
  expect(await ordered).toMatchObject({ state: 'not-sent', why: 'agent-away', reason: 'Probe', by: 'Jana' });
});

test('one order of a device after the other, each once', async () => {
  const id = randomUUID();
  const first = give({ id });
  await expect.poll(() => jobs.has(agent.id)).toBe(true);
  await expect(give({ outlet: '10' })).rejects.toMatchObject({ details: { reason: 'busy' } });
  const [job] = jobs.take(agent.id);
  expect(job).toMatchObject({ id, outlet: '1', command: 'on', address: '10.0.0.7', profile: 'apc-pdu' });
  expect(jobs.take(agent.id)).toEqual([]);
  const answer = { id, outcome: 'done', reason: null, before: 'off', after: 'on', detail: null } as const;
  expect(jobs.answer(2, answer)).toBe(false);
  expect(jobs.answer(agent.id, answer)).toBe(true);
  expect(await first).toMatchObject({ state: 'done', after: 'on' });
  await expect(give({ id })).rejects.toMatchObject({ details: { reason: 'repeated' } });
});

test('what the person was shown of an outlet goes with the order, else what is known of it', async () => {
  const shown = { ...outlet, unit: '1 (B)' };
  const seenBy = async (change: Partial<SwitchOrder>) => {
    const ordered = give(change);
    await expect.poll(() => jobs.has(agent.id)).toBe(true);
    const [job] = jobs.take(agent.id);
    jobs.keepOnly(new Set());
    await ordered;
    return job?.seen;
  };
  expect((await switching.of(pdu, person())).outlets.map(({ identity }) => identity)).toEqual([
    outlet,
    null,
    null,
  ]);
  expect(await seenBy({ seen: shown })).toEqual(shown);
  expect(await seenBy({})).toEqual(outlet);
  expect(await seenBy({ outlet: '2' })).toBeNull();
});
