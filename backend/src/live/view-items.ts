import {
  type Condition,
  type DeviceRole,
  type Headline,
  type LiveItem,
  metric,
  type ViewName,
} from '@rackhaus/config/contract';
import type { LiveDevice } from '../monitoring/live-device.ts';
import type { EntityState } from '../rules/device-rules.ts';

type PortItem = Extract<LiveItem, { type: 'port' }>;
type MonitoredPort = LiveDevice['device']['ports'][number];

/** The item of a device: its health and what a rack shows of it. */
export function deviceItem(live: LiveDevice): LiveItem {
  return {
    type: 'device',
    id: live.device.id,
    state: live.state,
    since: live.since,
    conditions: [...live.conditions],
    headline: live.vouchedFor ? headlineOf(live.device.role, live.entities()) : {},
    lastSeen: live.lastSeen,
  };
}

/** The item of a port; undefined when nothing was ever read of it. */
export function portItem(live: LiveDevice, port: MonitoredPort): LiveItem | undefined {
  const state = live.entity(`${port.kind === 'power-outlet' ? 'outlet' : 'port'}/${port.name}`);
  if (!state) return undefined;
  const { speed, rx, tx } = state.values;
  const known = live.vouchedFor;
  const read = known ? portState(state) : 'unknown';
  // Down is calm; down although something says that it should be up is not.
  const shown =
    read === 'down' && live.conditions.some(({ entity }) => entity === port.name) ? 'fault' : read;
  const busier = Math.max(rx ?? 0, tx ?? 0);
  return {
    type: 'port',
    id: port.id,
    deviceId: live.device.id,
    state: shown,
    speed: known && shown === 'up' && speed !== undefined && speed > 0 ? speed : null,
    use:
      known && shown === 'up' && speed && (rx !== undefined || tx !== undefined)
        ? Math.min(1, Math.round((busier / speed) * 20) / 20)
        : null,
  };
}

/** The item of one entity's newest values. */
export function readingItem(deviceId: number, state: EntityState): LiveItem {
  const { kind, entity, time, values } = state;
  return { type: 'reading', deviceId, kind, entity, time, values: { ...values } };
}

function portState(state: EntityState): PortItem['state'] {
  const name = (id: 'port.oper' | 'port.admin' | 'port.poe' | 'outlet.state') => {
    const value = state.values[id.slice(state.kind.length + 1)];
    return value === undefined ? undefined : metric(id).states?.[value];
  };
  if (state.kind === 'outlet') {
    const switched = name('outlet.state');
    return switched === undefined ? 'unknown' : switched === 'on' ? 'up' : 'disabled';
  }
  if (name('port.admin') === 'down') return 'disabled';
  const poe = name('port.poe');
  if (poe === 'fault' || poe === 'otherFault') return 'fault';
  switch (name('port.oper')) {
    case 'up':
      return 'up';
    case undefined:
    case 'unknown':
      return 'unknown';
    default:
      return 'down';
  }
}

/** A few figures, rounded to what a small label shows, so that they change only when the label would. */
function headlineOf(role: DeviceRole, entities: readonly EntityState[]): Headline {
  const values = (kind: EntityState['kind'], name: string): number[] =>
    entities.flatMap((state) => {
      const value = state.kind === kind ? state.values[name] : undefined;
      return value === undefined ? [] : [value];
    });
  const sum = (list: number[]) => (list.length === 0 ? undefined : list.reduce((a, b) => a + b));
  const temperatures = values('sensor', 'temperature');
  const source = values('ups', 'source')[0];
  const headline: { [K in keyof Headline]: Headline[K] | undefined } = {
    // A room sensor's first probe is the air that devices breathe in; within a device the hottest place counts.
    temperature: round(role === 'sensor' ? temperatures[0] : highest(temperatures), 1),
    humidity: round(highest(values('sensor', 'humidity')), 2),
    power: round(
      values('device', 'power')[0] ??
        (role === 'pdu' ? sum(values('line', 'power')) : sum(drawnBySupplies(entities))),
      0,
    ),
    charge: round(values('ups', 'charge')[0], 2),
    runtime: minutes(values('ups', 'runtime')[0]),
    load: round(values('ups', 'load')[0] ?? highest(values('line', 'load')), 2),
    onBattery: source === undefined ? undefined : metric('ups.source').states?.[source] === 'battery',
  };
  return Object.fromEntries(Object.entries(headline).filter(([, value]) => value !== undefined));
}

/** Watts that the power supplies take in, where a device measures each of them but gives no total. */
function drawnBySupplies(entities: readonly EntityState[]): number[] {
  return entities.flatMap(({ kind, entity, values }) =>
    kind === 'sensor' && values.power !== undefined && isSupplyInput(entity) ? [values.power] : [],
  );
}

/** By the words that ENTITY-MIB names are made of; what a supply gives out would count the same watts again. */
function isSupplyInput(name: string): boolean {
  return /\b(psu|power supply|input)\b/i.test(name) && !/\boutput\b/i.test(name);
}

function highest(list: readonly number[]): number | undefined {
  return list.length === 0 ? undefined : Math.max(...list);
}

function round(value: number | undefined, decimals: number): number | undefined {
  return value === undefined ? undefined : Math.round(value * 10 ** decimals) / 10 ** decimals;
}

/** Whole minutes, in seconds. */
function minutes(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.floor(seconds / 60) * 60;
}

/** What identifies the view: its kind and the id of what it shows. */
export function parseView(view: ViewName): {
  kind: 'overview' | 'services' | 'discovery' | 'messages' | 'room' | 'rack' | 'device' | 'port' | 'floor';
  id: number;
} {
  const [kind, id] = view.split(':');
  switch (kind) {
    case 'room':
    case 'rack':
    case 'device':
    case 'port':
    case 'floor':
      return { kind, id: Number(id) };
    case 'services':
    case 'discovery':
    case 'messages':
      return { kind, id: 0 };
    default:
      return { kind: 'overview', id: 0 };
  }
}

export type { Condition };
