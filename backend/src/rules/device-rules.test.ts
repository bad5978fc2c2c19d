import { loadAlertRules } from '@rackhaus/config/alert-rules';
import {
  type Condition,
  type DeviceRole,
  type EntityKind,
  isMetricId,
  type MetricId,
  metric,
} from '@rackhaus/config/contract';
import { describe, expect, it } from 'vitest';
import type { MonitoredDevice } from '../inventory/monitored.ts';
import { byUrgency } from '../monitoring/health.ts';
import { testDevice } from '../monitoring/testing.ts';
import { describe as describeCondition } from './describe.ts';
import { DeviceRules, type FarEnd } from './device-rules.ts';
import { numberText } from './number-text.ts';
import { RuleBook } from './rule-book.ts';

const all = await loadAlertRules();
const book = new RuleBook(all);

/** Values by metric id; states by their names. */
type Values = Partial<Record<MetricId, number | string>>;

function number(id: MetricId, value: number | string): number {
  if (typeof value === 'number') return value;
  const found = Object.entries(metric(id).states ?? {}).find(([, name]) => name === value);
  if (!found) throw new Error(`${value} is not a state of ${id}`);
  return Number(found[0]);
}

/** One device that is looked at again and again. */
class Looked {
  readonly #states = new Map<
    string,
    { kind: EntityKind; entity: string; time: number; values: Record<string, number> }
  >();
  readonly #rules: DeviceRules;

  constructor(device: MonitoredDevice) {
    this.#rules = new DeviceRules(book, device);
  }

  look(
    entities: Record<string, Values>,
    options: { time?: number; far?: FarEnd; lastSeen?: number } = {},
  ): Condition[] {
    const time = options.time ?? 1000;
    for (const [entity, values] of Object.entries(entities)) {
      const kinds = new Set<EntityKind>();
      for (const [id, value] of Object.entries(values)) {
        if (!isMetricId(id)) throw new Error(id);
        const { kind } = metric(id);
        const key = `${kind}/${entity}`;
        const state = this.#states.get(key) ?? { kind, entity, time, values: {} };
        this.#states.set(key, state);
        state.time = time;
        state.values[id.slice(kind.length + 1)] = number(id, value);
        kinds.add(kind);
      }
      for (const kind of kinds) {
        const key = `${kind}/${entity}`;
        const state = this.#states.get(key);
        if (state) this.#rules.read(key, state, 15_000);
      }
    }
    return this.#rules.conditions(0, (id) => (id === 2 ? options.far : undefined)).sort(byUrgency);
  }
}

function look(entities: Record<string, Values>, device = testDevice(1)): Condition[] {
  return new Looked(device).look(entities);
}

const said = (conditions: readonly Condition[]) =>
  conditions.map((c) => `${c.severity} ${c.rule} ${c.entity}`.trim());
const role = (name: DeviceRole) => testDevice(1, { role: name, name: 'Klima' });

describe('what asks for attention', () => {
  it.each<[string, Record<string, Values>, string[], MonitoredDevice?]>([
    ['a healthy device', { '': { 'device.reachable': 'yes', 'device.memory': 0.5 } }, []],
    ['no answer', { '': { 'device.reachable': 'no' } }, ['critical unreachable']],
    [
      'no answer hides what was known before',
      { '': { 'device.reachable': 'no', 'ups.source': 'battery' }, a: { 'storage.fill': 0.99 } },
      ['critical unreachable'],
    ],
    [
      'on battery',
      {
        '': {
          'device.reachable': 'yes',
          'ups.source': 'battery',
          'ups.battery': 'normal',
          'ups.runtime': 1800,
        },
      },
      ['warning ups-on-battery'],
    ],
    [
      'battery at its end',
      { '': { 'ups.source': 'battery', 'ups.battery': 'low', 'ups.runtime': 120 } },
      ['critical ups-battery-low', 'critical ups-runtime-critical', 'warning ups-on-battery'],
    ],
    [
      'an old battery',
      { '': { 'ups.source': 'normal', 'ups.replaceBattery': 'yes' } },
      ['warning ups-replace-battery'],
    ],
    ['too much load', { '': { 'ups.load': 0.95 } }, ['warning ups-overload']],
    ['a warm room', { Raum: { 'sensor.temperature': 27.1 } }, ['warning room-warm Raum'], role('sensor')],
    [
      'a hot room says only the worse',
      { Raum: { 'sensor.temperature': 33 } },
      ['critical room-hot Raum'],
      role('sensor'),
    ],
    ['warm exhaust air', { Abluft: { 'sensor.temperature': 36 } }, [], role('sensor')],
    [
      'hot exhaust air',
      { Abluft: { 'sensor.temperature': 41 } },
      ['warning exhaust-warm Abluft'],
      role('sensor'),
    ],
    [
      'contacts that are known by name only',
      { Tür: { 'sensor.state': 'critical' }, 'Wasser Boden': { 'sensor.state': 'critical' } },
      ['critical water-contact Wasser Boden', 'warning door-contact Tür'],
    ],
    ['a warm processor is not a warm room', { CPU: { 'sensor.temperature': 60 } }, [], role('server')],
    [
      'water, door, smoke',
      {
        Boden: { 'sensor.water': 'wet' },
        Tuer: { 'sensor.door': 'open' },
        Melder: { 'sensor.smoke': 'alarm' },
      },
      ['critical smoke Melder', 'critical water Boden', 'warning door-open Tuer'],
      role('sensor'),
    ],
    [
      'sensors as the device judges them',
      {
        A: { 'sensor.state': 'warning' },
        B: { 'sensor.state': 'critical' },
        C: { 'sensor.state': 'unknown' },
      },
      ['critical sensor-critical B', 'warning sensor-warning A'],
    ],
    [
      'disks',
      { '/': { 'storage.fill': 0.91 }, '/data': { 'storage.fill': 0.975 }, '/boot': { 'storage.fill': 0.9 } },
      ['critical storage-full /data', 'warning storage-filling /'],
    ],
    [
      'supply and fan',
      { 'PSU 2': { 'supply.state': 'critical' }, 'Fan 1': { 'fan.state': 'critical' } },
      ['critical fan-failed Fan 1', 'critical supply-failed PSU 2'],
    ],
    ['a phase near its limit', { L2: { 'line.load': 0.85 } }, ['warning line-overload L2']],
    [
      'PoE and errors',
      { 3: { 'port.poe': 'fault', 'port.rxErrors': 20, 'port.txErrors': 9 } },
      ['warning poe-fault 3'],
    ],
    ['a dark port that leads nowhere', { 1: { 'port.oper': 'down', 'port.admin': 'up' } }, []],
  ])('%s', (_, entities, expected, device) => {
    expect(said(look(entities, device)).sort()).toEqual([...expected].sort());
  });

  describe('ports between devices', () => {
    const port = { id: 101, name: '1', kind: 'network' as const, infrastructure: true, farDeviceId: 2 };
    const device = testDevice(1, { ports: [port] });
    const down = { 1: { 'port.oper': 'down', 'port.admin': 'up' } };
    const far = (answeredAt: number, answersSince = 0) => ({ answers: true, answeredAt, answersSince });

    it('may be switched off', () => {
      expect(look({ 1: { 'port.oper': 'down', 'port.admin': 'down' } }, device)).toEqual([]);
    });
    it('are missed once the device behind has answered since, from when they went down', () => {
      const looked = new Looked(device);
      expect(looked.look(down, { time: 1000, far: far(900) })).toEqual([]);
      expect(looked.look(down, { time: 6000, far: far(5900) })).toMatchObject([
        { rule: 'uplink-down', entity: '1', since: 1000 },
      ]);
    });
    it('are not mentioned when the device behind is down itself', () => {
      expect(new Looked(device).look(down, { far: { ...far(900), answers: false } })).toEqual([]);
    });
    it('are not mentioned when that device has just come back and they have not been read since', () => {
      const looked = new Looked(device);
      looked.look(down, { time: 1000, far: far(900) });
      expect(looked.look(down, { time: 5000, far: far(7000, 7000) })).toEqual([]);
      expect(looked.look(down, { time: 8000, far: far(7000, 7000) })).toHaveLength(1);
    });
    it('stay mentioned while the device behind answers', () => {
      const looked = new Looked(device);
      expect(looked.look(down, { time: 1000, far: far(1500) })).toHaveLength(1);
      expect(looked.look(down, { time: 9000, far: far(1500) })).toHaveLength(1);
    });
  });

  it('holds until the calmer limit is passed, and keeps its beginning', () => {
    const looked = new Looked(role('sensor'));
    const at = (temperature: number, time: number) =>
      looked.look({ Raum: { 'sensor.temperature': temperature } }, { time });
    at(27.2, 1000);
    expect(at(26.5, 2000)).toMatchObject([{ rule: 'room-warm', since: 1000 }]);
    expect(at(25.9, 3000)).toEqual([]);
    expect(at(26.5, 4000)).toEqual([]);
    at(27.3, 5000);
    expect(at(33, 6000)).toMatchObject([{ rule: 'room-hot', since: 6000 }, { rule: 'room-heats-up' }]);
  });

  it('says it in both languages, with name, limit and place', () => {
    const [condition] = look({ 'Sensor 1': { 'sensor.temperature': 28 } }, role('sensor'));
    expect(condition).toEqual({
      id: '1/room-warm/Sensor 1',
      rule: 'room-warm',
      deviceId: 1,
      deviceName: 'Klima',
      place: 'Serverraum, Schrank 1, HE 1',
      roomId: 1,
      entity: 'Sensor 1',
      severity: 'warning',
      since: 1000,
      title: { de: 'Klima: Sensor 1 über 27 °C', en: 'Klima: Sensor 1 above 27 °C' },
      advice: {
        de: 'Bitte Klimagerät, Filter und Türen prüfen (Serverraum, Schrank 1, HE 1).',
        en: 'Please check the air conditioning, its filters and the doors (Serverraum, Schrank 1, HE 1).',
      },
    });
  });

  it('leaves no placeholder in any rule', () => {
    for (const rule of all) {
      const about = { id: 'x', deviceId: 1, name: 'N', place: 'P', roomId: null, entity: 'E', since: 0 };
      const { title, advice } = describeCondition(rule, about);
      expect(JSON.stringify([title, advice])).not.toMatch(/[{]\w+[}]/);
    }
  });
});

it.each<[MetricId, number, string, string]>([
  ['sensor.temperature', 27, '27 °C', '27 °C'],
  ['storage.fill', 0.9, '90 %', '90%'],
  ['ups.runtime', 300, '5 min', '5 min'],
  ['device.clockOffset', -60, '−1 min', '−1 min'],
  ['port.rxErrors', 10, '10 je Sekunde', '10 per second'],
  ['sensor.voltage', 1234.5, '1.234,5 V', '1,234.5 V'],
])('limit of %s: %d', (id, value, de, en) => {
  expect(numberText(metric(id).unit, value)).toEqual({ de, en });
});
