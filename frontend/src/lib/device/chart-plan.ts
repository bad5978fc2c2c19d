import { type EntityKind, isMetricId, type MetricId, metric } from '@rackhaus/config/contract';
import type { EntityReading } from './sensor-groups.ts';

/** One chart to offer, before it has words. Each line is one metric of one entity. */
export interface PlannedChart {
  readonly id: string;
  /** What the chart is called after; the first of its lines. */
  readonly metric: MetricId;
  readonly lines: readonly {
    readonly kind: EntityKind;
    readonly entity: string;
    readonly metric: MetricId;
  }[];
  readonly fromZero: boolean;
  /** Part of a group that was too large for one chart: 1, 2, …; null when it is whole. */
  readonly part: number | null;
}

/** Metrics of one entity that are read together, in the order of the screen. */
const together: readonly (readonly MetricId[])[] = [
  ['ups.charge'],
  ['ups.runtime'],
  ['ups.load'],
  ['ups.batteryTemperature'],
  ['ups.batteryVoltage'],
  ['device.cpu', 'device.memory'],
  ['device.load'],
  ['device.power'],
  ['device.poePower', 'device.poeBudget'],
];

/** Last: whether the device answers is asked when the rest has not explained enough. */
const last: readonly (readonly MetricId[])[] = [['device.ping'], ['device.pingLoss']];

/** Metrics that are compared across entities: all temperatures in one chart. */
const across: readonly MetricId[] = [
  'sensor.temperature',
  'sensor.humidity',
  'memory.fill',
  'storage.fill',
  'line.voltage',
  'line.current',
  'line.power',
  'line.apparentPower',
  'line.load',
  'line.frequency',
  'sensor.power',
  'sensor.apparentPower',
  'sensor.pressure',
  'sensor.bitRate',
  'sensor.current',
  'sensor.voltage',
  'sensor.frequency',
  'sensor.airflow',
  'sensor.opticalPower',
  'sensor.signal',
  'sensor.load',
  'sensor.share',
  'sensor.count',
  'sensor.fanSpeed',
  'fan.speed',
  'outlet.power',
  'outlet.current',
];

// Their zero is far from where they live: a chart from zero would be a flat line.
const noZero: ReadonlySet<MetricId> = new Set([
  'sensor.temperature',
  'sensor.humidity',
  'sensor.voltage',
  'sensor.frequency',
  'sensor.opticalPower',
  'sensor.signal',
  'sensor.pressure',
  'sensor.bitRate',
  'line.voltage',
  'line.frequency',
  'ups.batteryVoltage',
  'ups.batteryTemperature',
]);

/** More lines than these cannot be told apart. */
const mostLines = 6;

/** The charts that a device's readings allow; ports have theirs in the ports table. */
export function planCharts(readings: Iterable<EntityReading>, language: string): PlannedChart[] {
  const entities = new Map<MetricId, { kind: EntityKind; entity: string }[]>();
  for (const { kind, entity, values } of readings) {
    for (const name of Object.keys(values)) {
      const id = `${kind}.${name}`;
      if (!isMetricId(id) || metric(id).states) continue;
      const known = entities.get(id) ?? [];
      known.push({ kind, entity });
      entities.set(id, known);
    }
  }
  const collator = new Intl.Collator(language, { numeric: true });
  const single = (ids: readonly MetricId[]) => {
    const lines = ids.flatMap((id) =>
      (entities.get(id) ?? []).slice(0, 1).map((one) => ({ ...one, metric: id })),
    );
    const first = lines[0];
    return first
      ? [{ id: first.metric, metric: first.metric, lines, fromZero: !noZero.has(first.metric), part: null }]
      : [];
  };
  // Where outlets report their power, their current says nothing more.
  const shown = across.filter((id) => id !== 'outlet.current' || !entities.has('outlet.power'));
  const compared = shown.flatMap((id) => {
    const all = (entities.get(id) ?? []).toSorted((a, b) => collator.compare(a.entity, b.entity));
    const parts = Math.ceil(all.length / mostLines);
    const size = Math.ceil(all.length / Math.max(parts, 1));
    return Array.from({ length: parts }, (_, index) => ({
      id: parts === 1 ? id : `${id}/${index + 1}`,
      metric: id,
      lines: all.slice(index * size, (index + 1) * size).map((one) => ({ ...one, metric: id })),
      fromZero: !noZero.has(id),
      part: parts === 1 ? null : index + 1,
    }));
  });
  return [...together.flatMap(single), ...compared, ...last.flatMap(single)];
}
