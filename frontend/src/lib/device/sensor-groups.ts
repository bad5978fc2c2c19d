import {
  type DeviceLimits,
  type DeviceView,
  type EntityKind,
  type HealthState,
  isMetricId,
  type Metric,
  type MetricId,
  metric,
} from '@rackhaus/config/contract';
import type { Values } from './port-rows.ts';

/** A reading as the live view holds it. */
export interface EntityReading {
  readonly kind: EntityKind;
  readonly entity: string;
  readonly time: number;
  readonly values: Values;
}

/** One sensor's value. */
export interface SensorRow {
  readonly entity: string;
  readonly label: string;
  readonly metric: MetricId;
  readonly value: number;
  readonly time: number;
  readonly health: HealthState;
  /** The device's own word for how it is. */
  readonly word: string | null;
  /** What the device itself takes for too low or too high. */
  readonly limits: DeviceLimits | null;
  /** The device lists a place for it, and nothing is there. */
  readonly absent: boolean;
}

/** Sensors of one kind together: all temperatures, all doors. */
export interface SensorGroup {
  readonly metric: MetricId;
  readonly rows: readonly SensorRow[];
}

// Rooms first: what a person asks about before the inside of a device.
const groupOrder: readonly MetricId[] = [
  'sensor.temperature',
  'sensor.humidity',
  'sensor.water',
  'sensor.smoke',
  'sensor.door',
  'sensor.contact',
  'sensor.airflow',
  'service.state',
  'service.responseTime',
  'service.certificate',
  'storage.state',
  'storage.endurance',
  'supply.state',
  'fan.state',
  'fan.speed',
  'sensor.fanSpeed',
  'sensor.pressure',
  'sensor.bitRate',
  'sensor.power',
  'sensor.apparentPower',
  'sensor.powerFactor',
  'sensor.energy',
  'sensor.current',
  'sensor.voltage',
  'sensor.frequency',
  'sensor.opticalPower',
  'sensor.signal',
  'sensor.load',
  'sensor.share',
  'sensor.delay',
  'sensor.count',
  'sensor.state',
];

const groupedKinds = ['sensor', 'fan', 'supply', 'service', 'storage'] as const;
/** How full something is has a list of its own. */
const elsewhere: ReadonlySet<string> = new Set(['storage.used', 'storage.size', 'storage.fill']);

function isGrouped(kind: EntityKind): kind is (typeof groupedKinds)[number] {
  return groupedKinds.some((each) => each === kind);
}

/** The device's word for an entity; the entity's own name where it has none, or where others have the same. */
export function entityLabel(entities: DeviceView['entities'], kind: EntityKind, entity: string): string {
  const label = entities.find((one) => one.kind === kind && one.entity === entity)?.label ?? '';
  // Two fans that are both called "Fan speed" are told apart by their own names.
  const shared = entities.filter((one) => one.kind === kind && one.label === label).length > 1;
  return label === '' || shared ? entity : label;
}

/** How well a state is, by its name in the catalogue; `ok` for states that ask nothing of anybody. */
export function stateHealth(entry: Metric, value: number): HealthState {
  const name = entry.states?.[value];
  switch (name) {
    case 'warning':
    case 'open':
    case 'low':
      return 'warning';
    case 'critical':
    case 'wet':
    case 'alarm':
    case 'depleted':
    case 'fails':
      return 'critical';
    case 'unknown':
    case undefined:
      return 'unknown';
    default:
      return 'ok';
  }
}

/** How devices call, in the words of their MIBs, that a contact, slot or socket has nothing in it. */
const absentWords =
  /^(offline|absent|empty|unpopulated|no.?status|not.?(present|installed|connected|fitted|inserted|plugged))$/i;

/**
 * Sensors, fans, power supplies, disks and services by what they measure, each with the device's own verdict where it gives one: a
 * sensor that has both a value and a state is one row.
 */
export function sensorGroups(
  readings: Iterable<EntityReading>,
  entities: DeviceView['entities'],
  language: string,
): SensorGroup[] {
  const groups = new Map<MetricId, SensorRow[]>();
  for (const { kind, entity, time, values } of readings) {
    if (!isGrouped(kind)) continue;
    const verdict = values.state;
    const said = entities.find((one) => one.kind === kind && one.entity === entity);
    const health = verdict === undefined ? null : stateHealth(metric(`${kind}.state`), verdict);
    const measured = Object.entries(values).filter(
      ([name]) => name !== 'state' && isMetricId(`${kind}.${name}`) && !elsewhere.has(`${kind}.${name}`),
    );
    const shown =
      measured.length > 0 ? measured : Object.entries(values).filter(([name]) => name === 'state');
    for (const [name, value] of shown) {
      const id = `${kind}.${name}`;
      if (!isMetricId(id)) continue;
      const entry = metric(id);
      const own = entry.states ? stateHealth(entry, value) : 'ok';
      const rows = groups.get(id) ?? [];
      const word = said?.words?.[name] ?? said?.words?.state ?? null;
      rows.push({
        entity,
        label: entityLabel(entities, kind, entity),
        metric: id,
        value,
        time,
        health: health ?? own,
        word,
        limits: said?.limits?.[name] ?? null,
        absent: measured.length === 0 && health === 'unknown' && word !== null && absentWords.test(word),
      });
      groups.set(id, rows);
    }
  }
  const collator = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
  const rank = (id: MetricId) => {
    const index = groupOrder.indexOf(id);
    return index < 0 ? groupOrder.length : index;
  };
  return [...groups]
    .map(([id, rows]) => ({
      metric: id,
      rows: rows.toSorted((a, b) => collator.compare(a.label, b.label)),
    }))
    .toSorted((a, b) => rank(a.metric) - rank(b.metric));
}

/** Rows with what is critical first, then what warns, then the rest as it was; `wrong`: how many of the first two there are. */
export function wrongFirst(rows: readonly SensorRow[]): { rows: SensorRow[]; wrong: number } {
  const critical = rows.filter(({ health }) => health === 'critical');
  const warning = rows.filter(({ health }) => health === 'warning');
  const rest = rows.filter(({ health }) => health !== 'critical' && health !== 'warning');
  return { rows: [...critical, ...warning, ...rest], wrong: critical.length + warning.length };
}

/** How many sensors there are in all groups. */
export function countRows(groups: readonly SensorGroup[]): number {
  return groups.reduce((sum, { rows }) => sum + rows.length, 0);
}

/** The groups with those rows alone whose name, or the device's word for how they are (as sent or as `shown`), holds the text. */
export function searchSensors(
  groups: readonly SensorGroup[],
  text: string,
  shown: (word: string) => string,
): readonly SensorGroup[] {
  const sought = text.trim().toLowerCase();
  if (sought === '') return groups;
  return groups.flatMap((group) => {
    const rows = group.rows.filter(({ label, word }) =>
      [label, word ?? '', shown(word ?? '')].some((each) => each.toLowerCase().includes(sought)),
    );
    return rows.length === 0 ? [] : [{ ...group, rows }];
  });
}
