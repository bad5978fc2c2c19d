import { describe, expect, test } from 'vitest';
import { loadDeviceTypes, portsOfType } from '../device-types/index.ts';
import { loadInventory } from '../inventory-file/index.ts';
import { sampleTownHallFolder, sampleTownHallPlans } from './index.ts';

const types = await loadDeviceTypes();
const town = await loadInventory(sampleTownHallFolder);

/** `<owner>:<port>` to what it is. */
const ports = new Map<string, { kind: string; twoSided: boolean }>();
for (const device of town.devices) {
  const type = types.get(device.type);
  for (const port of type === undefined ? [] : portsOfType(type))
    ports.set(`${device.name}:${port.name}`, port);
}
for (const outlet of town.outlets)
  for (let jack = 1; jack <= outlet.ports; jack++)
    ports.set(`${outlet.name}:${jack}`, { kind: 'front', twoSided: true });

describe('the sample town hall', () => {
  test('is as large as a real one', () => {
    expect(town.devices.length).toBeGreaterThanOrEqual(55);
    expect(town.devices.length).toBeLessThanOrEqual(70);
    expect(ports.size).toBeGreaterThanOrEqual(900);
    expect(ports.size).toBeLessThanOrEqual(1300);
    expect(town.links.length).toBeGreaterThanOrEqual(320);
    expect(town.links.length).toBeLessThanOrEqual(420);
    expect(town.outlets).toHaveLength(120);
    const offices = town.sites
      .flatMap((site) => site.buildings)
      .flatMap((building) => building.floors)
      .flatMap((floor) => floor.rooms)
      .filter((room) => /^\d\.\d\d /.test(room.name));
    expect(offices).toHaveLength(40);
  });

  test('has a type for every device', () => {
    expect(town.devices.filter((device) => !types.has(device.type))).toEqual([]);
  });

  test('joins ports that exist and fit, at most one cord on each side', () => {
    const taken = new Set<string>();
    const wrong: string[] = [];
    for (const link of town.links)
      for (const end of [link.from, link.to]) {
        const port = ports.get(end);
        if (port === undefined) {
          wrong.push(`${end} does not exist`);
          continue;
        }
        const isPower = port.kind === 'inlet' || port.kind === 'power-outlet';
        if (isPower !== (link.kind === 'power')) wrong.push(`${end} is no port for ${link.kind}`);
        const side = `${end}|${port.twoSided && link.kind === 'permanent' ? 'rear' : 'front'}`;
        if (taken.has(side)) wrong.push(`${side} is taken twice`);
        taken.add(side);
      }
    expect(wrong).toEqual([]);
  });

  test('polls every active device under an address of its own', () => {
    const passive = ['panel', 'cable-manager', 'shelf', 'other'];
    const unpolled = town.devices.filter(
      (device) => device.monitoring === undefined && !passive.includes(device.role),
    );
    expect(unpolled.map((device) => device.name)).toEqual(['Leiste 1. OG']);
    const addresses = town.devices.flatMap((device) => device.monitoring?.address ?? []);
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(addresses.filter((address) => !/^127\.77\.\d+\.\d+$/.test(address))).toEqual([]);
  });

  test('feeds everything in the server room twice, except what is meant to have one supply', () => {
    const inlets = Map.groupBy(
      [...ports].flatMap(([key, port]) => (port.kind === 'inlet' ? [key] : [])),
      (key) => key.slice(0, key.indexOf(':')),
    );
    const fed = new Set(town.links.filter((link) => link.kind === 'power').map((link) => link.to));
    const single = [...inlets]
      .filter(([, own]) => own.length === 2 && own.filter((inlet) => fed.has(inlet)).length < 2)
      .map(([owner]) => owner);
    expect(single).toEqual(['nas-sicherung']);
  });

  test('runs its services on devices and needs that exist', () => {
    const devices = new Set(town.devices.map((device) => device.name));
    const services = new Set(town.services.map((service) => service.name));
    expect(services.size).toBe(town.services.length);
    expect(town.services.flatMap((service) => service.devices).filter((name) => !devices.has(name))).toEqual(
      [],
    );
    expect(town.services.flatMap((service) => service.needs).filter((name) => !services.has(name))).toEqual(
      [],
    );
  });

  test('draws every room of the town hall and all that is in it, on the picture', () => {
    const plans = sampleTownHallPlans(town);
    const marks = plans.flatMap((plan) => plan.marks);
    const floors = town.sites
      .filter(({ name }) => name === 'Rathaus')
      .flatMap(({ buildings }) => buildings[0]?.floors ?? []);
    const names = (kind: string) =>
      marks
        .filter((mark) => mark.kind === kind)
        .map((mark) => mark.name)
        .sort();
    expect(plans.map((plan) => plan.floor)).toEqual(floors.map((floor) => floor.name));
    expect(names('room')).toEqual(floors.flatMap(({ rooms }) => rooms.map((room) => room.name)).sort());
    expect(names('outlet')).toEqual(
      town.outlets
        .filter(({ room }) => room.startsWith('Rathaus/'))
        .map(({ name }) => name)
        .sort(),
    );
    expect(names('device')).toEqual(
      town.devices
        .filter(({ room, rack }) => room.startsWith('Rathaus/') && rack === undefined)
        .map(({ name }) => name)
        .sort(),
    );
    for (const { width, height, marks: own } of plans)
      for (const [x, y] of own.flatMap((mark) => mark.points))
        expect(x > 0 && y > 0 && x < width && y < height).toBe(true);
  });

  test('labels every link once', () => {
    const labels = town.links.map((link) => link.label);
    expect(new Set(labels).size).toBe(labels.length);
  });
});
