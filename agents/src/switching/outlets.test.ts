import { checkOwnProfile, type ProfileSet, withOwnProfiles } from '@rackhaus/config/profiles';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LiveStore, SnmpResponder, type StoreEntry, snmpValue } from '../../simulator/index.ts';
import { DevicePoller } from '../poll/device-poller.ts';
import { compilePlan, type Plan } from '../poll/plan.ts';
import { decodeOid } from '../snmp/oid.ts';
import { SnmpSession } from '../snmp/session.ts';
import { findOutlet } from './outlets.ts';

const outlets = '1.3.6.1.4.1.99999.1.1';
const faces = '1.3.6.1.4.1.99999.2.1';
const { integer, octets } = snmpValue;

/** Outlets whose names stand in another table, found by a column that is no part of the name. */
const text = `
id: strip
title: Strip
match: [{ sysDescr: '^Strip' }]
tables:
  - id: strip-outlets
    columns:
      state: ${outlets}.2
      face: { oid: ${outlets}.3, static: true }
      label: { oid: ${faces}.2, static: true, join: { by: face } }
    entity: ["{label}", "{index}"]
    values: [{ metric: outlet.state, column: state, map: { 1: "on", 2: "off" } }]
    switch: { object: ${outlets}.4, on: 1, off: 2 }
`;

function profilesOf(yaml: string): ProfileSet {
  const { profile, problems } = checkOwnProfile(yaml, new Map());
  if (profile === null) throw new Error(problems.map(({ message }) => message).join());
  return withOwnProfiles({ profiles: new Map(), compose: () => undefined }, [profile]);
}

function planOf(yaml = text): Plan {
  const plan = compilePlan(profilesOf(yaml), 'strip');
  if (plan === undefined) throw new Error('there is no such profile');
  return plan;
}

describe('an outlet', () => {
  const entries: StoreEntry[] = [1, 2].flatMap((row) => [
    { oid: `${outlets}.2.${row}`, value: integer(row) },
    { oid: `${outlets}.3.${row}`, value: integer(3 - row) },
    { oid: `${faces}.2.${row}`, value: octets(`${row}`) },
    { oid: `${faces}.3.${row}`, value: integer(row === 1 ? 7 : 8) },
  ]);
  const responder = new SnmpResponder({ store: new LiveStore(entries), community: 'public' });
  let session: SnmpSession;
  beforeAll(async () => {
    const { port } = await responder.listen();
    session = new SnmpSession({
      host: '127.0.0.1',
      port,
      credentials: { version: '2c', community: 'public' },
    });
  });
  afterAll(async () => {
    session.close();
    await responder.close();
  });

  it('is found by the name that polling gives it, wherever that comes from', async () => {
    const found = await findOutlet(session, planOf(), '1', performance.now() + 5000);
    if (typeof found === 'string' || 'problem' in found) throw new Error(JSON.stringify(found));
    expect(found.state).toBe('off');
    const write = found.write('off');
    expect(write && decodeOid(write.oid)).toBe(`${outlets}.4.2`);
    expect(await found.readAgain()).toBe('off');
  });

  it('is asked for its state where the table has that from, in the row of another table too', async () => {
    const joined = text
      .replace(
        `state: ${outlets}.2`,
        `row: ${outlets}.2\n      state: { oid: ${faces}.3, join: { by: face } }`,
      )
      .replace('map: { 1: "on", 2: "off" }', 'map: { 7: "on", 8: "off" }');
    const found = await findOutlet(session, planOf(joined), '1', performance.now() + 5000);
    if (typeof found === 'string' || 'problem' in found) throw new Error(JSON.stringify(found));
    expect(found.identity).toMatchObject({ row: 'strip-outlets 2', among: 2 });
    expect(found.state).toBe('on');
    // Of its own row it is off.
    expect(await found.readAgain()).toBe('on');
    expect(decodeOid(found.write('off')?.oid ?? new Uint8Array())).toBe(`${outlets}.4.2`);
  });

  it('is none that the tables do not name', async () => {
    expect(await findOutlet(session, planOf(), '3', performance.now() + 5000)).toBe('no-such-outlet');
  });
});

it('is told of anew when it stands in another row, though all are called as before', async () => {
  let from = 1;
  const cells = (column: number, value: (row: number) => Uint8Array) =>
    [1, 2, 3, 4].map((row) => ({
      oid: `${outlets}.${column}.${row}`,
      value: () => (row >= from && row < from + 2 ? value(row - from + 1) : undefined),
    }));
  const responder = new SnmpResponder({
    store: new LiveStore([
      { oid: '1.3.6.1.2.1.1.1.0', value: octets('Strip') },
      { oid: '1.3.6.1.2.1.1.3.0', value: () => snmpValue.timeTicks(performance.now() / 10) },
      ...cells(2, integer),
      ...cells(3, integer),
      ...[1, 2].map((row) => ({ oid: `${faces}.2.${row}`, value: octets(`${row}`) })),
    ]),
    community: 'public',
  });
  const { port } = await responder.listen();
  const poller = new DevicePoller({
    device: {
      id: 3,
      name: 'strip',
      address: '127.0.0.1',
      snmp: { port, credentials: { version: '2c', community: 'public' } },
      profile: 'strip',
      intervalSeconds: 60,
      ping: false,
      tcp: [],
    },
    profiles: profilesOf(text),
    now: () => 0,
  });
  const { signal } = new AbortController();
  const told = async () =>
    (await poller.poll(signal)).observation?.entities.map(({ entity, outlet }) => [entity, outlet?.row]);
  try {
    expect(await told()).toEqual([
      ['1', 'strip-outlets 1'],
      ['2', 'strip-outlets 2'],
    ]);
    expect(await told()).toBeUndefined();
    from = 3;
    expect(await told()).toEqual([
      ['1', 'strip-outlets 3'],
      ['2', 'strip-outlets 4'],
    ]);
  } finally {
    poller.close();
    await responder.close();
  }
});
