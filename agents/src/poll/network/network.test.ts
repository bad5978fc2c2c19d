import type { Observation } from '@rackhaus/config/contract';
import { loadProfiles, type ProfileSet } from '@rackhaus/config/profiles';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LiveStore, type StoreEntry, snmpValue } from '../../../simulator/index.ts';
import { pollDevice } from '../../testing/polled-device.ts';

const { integer, objectId, octets, timeTicks } = snmpValue;
const ifName = '1.3.6.1.2.1.31.1.1.1.1';
const ifOperStatus = '1.3.6.1.2.1.2.2.1.8';
const bridgePort = '1.3.6.1.2.1.17.1.4.1.2';
const entity = '1.3.6.1.2.1.47.1.1.1.1';
const never = new AbortController().signal;

let profiles: ProfileSet;
beforeAll(async () => {
  profiles = await loadProfiles();
});
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** What a switch with four ports, 101 to 104, says of itself at its first poll. */
async function observe(system: { id: string; description: string }, entries: StoreEntry[]) {
  const { poller } = await serve(system, entries);
  const { observation, problem } = await poller.poll(never);
  expect(problem).toBeNull();
  return observation;
}

async function serve(system: { id: string; description: string }, entries: StoreEntry[]) {
  const ports = [101, 102, 103, 104].flatMap((index): StoreEntry[] => [
    { oid: `${ifName}.${index}`, value: octets(`p${index - 100}`) },
    { oid: `${ifOperStatus}.${index}`, value: integer(1) },
  ]);
  const device = await pollDevice({
    serving: {
      store: new LiveStore([
        { oid: '1.3.6.1.2.1.1.1.0', value: octets(system.description) },
        { oid: '1.3.6.1.2.1.1.2.0', value: objectId(system.id) },
        { oid: '1.3.6.1.2.1.1.3.0', value: timeTicks(100_000) },
        ...ports,
        ...entries,
      ]),
    },
    profiles,
  });
  open.push(device);
  return device;
}

const anySwitch = { id: '1.3.6.1.4.1.99999.1', description: 'Test switch' };
const bridgePorts = [1, 2, 3, 4].map((port) => ({
  oid: `${bridgePort}.${port}`,
  value: integer(100 + port),
}));

function vlansOf(observation: Observation | null): Record<string, unknown> {
  return Object.fromEntries((observation?.ports ?? []).map(({ name, vlans }) => [name, vlans]));
}

describe('VLANs', () => {
  it('are read of lists of bridge ports', async () => {
    const observation = await observe(anySwitch, [
      ...bridgePorts,
      { oid: '1.3.6.1.2.1.17.7.1.4.3.1.1.1', value: octets('default') },
      { oid: '1.3.6.1.2.1.17.7.1.4.3.1.1.20', value: octets('Büro') },
      { oid: '1.3.6.1.2.1.17.7.1.4.2.1.4.0.1', value: octets(Uint8Array.of(0b1010_0000)) },
      { oid: '1.3.6.1.2.1.17.7.1.4.2.1.5.0.1', value: octets(Uint8Array.of(0b1010_0000)) },
      { oid: '1.3.6.1.2.1.17.7.1.4.2.1.4.0.20', value: octets(Uint8Array.of(0b0110_0000)) },
      { oid: '1.3.6.1.2.1.17.7.1.4.2.1.5.0.20', value: octets(Uint8Array.of(0b0100_0000)) },
      // A number at a port that is in no list: it is a member of nothing.
      { oid: '1.3.6.1.2.1.17.7.1.4.5.1.1.4', value: integer(1) },
    ]);
    expect(observation?.vlans).toEqual([
      { id: 1, name: 'default' },
      { id: 20, name: 'Büro' },
    ]);
    expect(vlansOf(observation)).toEqual({
      p1: { untagged: 1, tagged: '' },
      p2: { untagged: 20, tagged: '' },
      p3: { untagged: 1, tagged: '20' },
      p4: undefined,
    });
  });

  it('are read of trunks and of ports with one VLAN', async () => {
    const vtp = '1.3.6.1.4.1.9.9.46.1';
    const allowed = new Uint8Array(128);
    // VLANs 1, 10, 11 and 500, of which the last does not exist.
    for (const vlan of [1, 10, 11, 500])
      allowed[vlan >> 3] = (allowed[vlan >> 3] ?? 0) | (0x80 >> (vlan & 7));
    const observation = await observe(
      { id: '1.3.6.1.4.1.9.1.716', description: 'Cisco IOS Software, C2960 Software, Version 15.0(2)SE' },
      [
        ...[1, 10, 11, 1002].map((vlan) => ({
          oid: `${vtp}.3.1.1.4.1.${vlan}`,
          value: octets(`VLAN${vlan}`),
        })),
        { oid: `${vtp}.6.1.1.14.101`, value: integer(1) },
        { oid: `${vtp}.6.1.1.14.102`, value: integer(2) },
        { oid: `${vtp}.6.1.1.5.101`, value: integer(1) },
        { oid: `${vtp}.6.1.1.4.101`, value: octets(allowed) },
        { oid: '1.3.6.1.4.1.9.9.68.1.2.2.1.2.102', value: integer(10) },
      ],
    );
    expect(observation?.vlans?.map(({ id }) => id)).toEqual([1, 10, 11]);
    expect(vlansOf(observation)).toMatchObject({
      p1: { untagged: 1, tagged: '10-11' },
      p2: { untagged: 10, tagged: '' },
    });
  });

  it('are left out where a device says nothing of them', async () => {
    const observation = await observe(anySwitch, []);
    expect(observation).not.toHaveProperty('vlans');
    expect(observation).not.toHaveProperty('parts');
  });
});

describe('parts', () => {
  const part = (index: number, kind: number, name: string, model: string, serial: string): StoreEntry[] => [
    { oid: `${entity}.5.${index}`, value: integer(kind) },
    { oid: `${entity}.7.${index}`, value: octets(name) },
    { oid: `${entity}.13.${index}`, value: octets(model) },
    { oid: `${entity}.11.${index}`, value: octets(serial) },
  ];

  it('are those with a model or a number of their own', async () => {
    const observation = await observe(anySwitch, [
      ...part(1, 3, 'Chassis', 'SW-24', 'ABC1'),
      ...part(2, 10, 'Port 1', 'RJ-45', ''),
      ...part(3, 10, 'Port 25', 'SFP-10G-LR', 'OPT1'),
      ...part(4, 6, 'Power supply', 'n/a', 'N/A'),
      ...part(5, 8, 'Sensor', 'T1', 'S1'),
    ]);
    expect(observation?.parts).toEqual([
      { class: 'chassis', name: 'Chassis', model: 'SW-24', serial: 'ABC1', firmware: null },
      { class: 'transceiver', name: 'Port 25', model: 'SFP-10G-LR', serial: 'OPT1', firmware: null },
    ]);
  });
});

describe('the limits of a sensor', () => {
  it('are found by severity and side among its thresholds', async () => {
    const sensor = '1.3.6.1.4.1.9.9.91.1';
    const threshold = (n: number, severity: number, relation: number, value: number): StoreEntry[] => [
      { oid: `${sensor}.2.1.1.2.7.${n}`, value: integer(severity) },
      { oid: `${sensor}.2.1.1.3.7.${n}`, value: integer(relation) },
      { oid: `${sensor}.2.1.1.4.7.${n}`, value: integer(value) },
    ];
    const observation = await observe(
      { id: '1.3.6.1.4.1.9.1.716', description: 'Cisco IOS Software, C2960 Software, Version 15.0(2)SE' },
      [
        { oid: `${entity}.7.7`, value: octets('Gi1 Module') },
        { oid: `${sensor}.1.1.1.1.7`, value: integer(8) },
        { oid: `${sensor}.1.1.1.2.7`, value: integer(9) },
        { oid: `${sensor}.1.1.1.3.7`, value: integer(1) },
        { oid: `${sensor}.1.1.1.4.7`, value: integer(346) },
        { oid: `${sensor}.1.1.1.5.7`, value: integer(1) },
        ...threshold(1, 10, 4, 850),
        ...threshold(2, 20, 4, 900),
        ...threshold(3, 10, 2, -50),
      ],
    );
    expect(observation?.entities.find(({ entity: name }) => name === 'Gi1 Module')?.limits).toEqual({
      temperature: { lowCritical: null, lowWarning: -5, highWarning: 85, highCritical: 90 },
    });
  });
});
