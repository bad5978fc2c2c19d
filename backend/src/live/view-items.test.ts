import type { Reading } from '@rackhaus/config/contract';
import { describe, expect, it } from 'vitest';
import { batchOf, EntityNumbers } from '../measurements/index.ts';
import { LiveDevice } from '../monitoring/live-device.ts';
import { testDevice } from '../monitoring/testing.ts';
import { RuleBook } from '../rules/rule-book.ts';
import { deviceItem, portItem } from './view-items.ts';

const time = 1_780_000_000_000;

function take(live: LiveDevice, reading: Reading) {
  const batch = batchOf(new EntityNumbers(), [reading]);
  live.take(live.entityOf(reading.kind, reading.entity, time), batch, 0, time);
}

function powerOf(readings: readonly (readonly [kind: 'device' | 'sensor', entity: string, watts: number])[]) {
  const live = new LiveDevice(testDevice(1, { role: 'switch' }), new RuleBook([]));
  take(live, { deviceId: 1, kind: 'device', entity: '', time, values: { reachable: 1 } });
  for (const [kind, entity, power] of readings)
    take(live, { deviceId: 1, kind, entity, time, values: { power } });
  live.turn('ok', time);
  const item = deviceItem(live);
  return item.type === 'device' ? item.headline.power : undefined;
}

describe('the power that a rack shows of a device', () => {
  it('is the sum of what its supplies take in, where the device gives no total', () => {
    expect(
      powerOf([
        ['sensor', 'Power sensor for PSU 1', 27],
        ['sensor', 'Power sensor for PSU 2', 28],
      ]),
    ).toBe(55);
  });

  it('counts no watt twice', () => {
    expect(
      powerOf([
        ['sensor', 'PSU 1 input', 27],
        ['sensor', 'PSU 1 output', 24],
        ['sensor', 'Transceiver 1/1/49', 1],
      ]),
    ).toBe(27);
  });

  it('is the total that the device gives', () => {
    expect(
      powerOf([
        ['device', '', 60],
        ['sensor', 'Power sensor for PSU 1', 27],
      ]),
    ).toBe(60);
  });
});

describe('the state that a rack shows of a port', () => {
  const stateOf = (faulty: boolean) => {
    const device = testDevice(1);
    const live = new LiveDevice(device, new RuleBook([]));
    take(live, { deviceId: 1, kind: 'port', entity: '1', time, values: { oper: 2, admin: 1 } });
    live.turn('warning', time);
    const text = { de: 'Port 1 ohne Verbindung', en: 'Port 1 has no link' };
    const about = {
      deviceId: 1,
      deviceName: device.name,
      place: device.place,
      roomId: 1,
      entity: '1',
      since: time,
    };
    if (faulty) {
      live.conditions = [
        {
          ...about,
          id: '1/uplink-down/1',
          rule: 'uplink-down',
          severity: 'warning',
          title: text,
          advice: text,
        },
      ];
    }
    const [port] = device.ports;
    const item = port && portItem(live, port);
    return item?.type === 'port' ? item.state : undefined;
  };

  it('is down where nobody minds, and a fault where a rule says that it should be up', () => {
    expect(stateOf(false)).toBe('down');
    expect(stateOf(true)).toBe('fault');
  });
});
