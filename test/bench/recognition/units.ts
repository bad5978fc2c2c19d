import type { MetricId, Unit } from '@rackhaus/config/contract';
import { metric } from '@rackhaus/config/contract';

/** A unit of ours that a class of theirs may be in, and the factor to it. */
interface Accepted {
  readonly unit: Unit;
  readonly factor: number;
}

const ratio: Accepted = { unit: 'ratio', factor: 0.01 };
const plain = (unit: Unit): Accepted => ({ unit, factor: 1 });

/** What each class of sensor is here. The first is the one to look for; the others count where the instance is the same. */
const classes: Readonly<Record<string, readonly Accepted[]>> = {
  temperature: [plain('°C')],
  humidity: [ratio],
  voltage: [plain('V')],
  current: [plain('A')],
  power: [plain('W'), plain('VA')],
  power_consumed: [{ unit: 'Wh', factor: 1000 }],
  power_factor: [plain('ratio'), ratio],
  frequency: [plain('Hz')],
  load: [ratio, plain('')],
  charge: [ratio],
  percent: [ratio],
  loss: [ratio],
  quality: [ratio],
  utilization: [ratio],
  runtime: [{ unit: 's', factor: 60 }],
  fanspeed: [plain('rpm'), ratio],
  dbm: [plain('dBm')],
  signal: [plain('dBm')],
  rssi: [plain('dBm')],
  'wireless-power': [plain('dBm')],
  'wireless-noise-floor': [plain('dBm')],
  'wireless-rssi': [plain('dBm'), plain('')],
  'wireless-rsrp': [plain('dBm'), plain('')],
  'wireless-frequency': [{ unit: 'Hz', factor: 1e6 }],
  'wireless-rate': [plain('bit/s')],
  'wireless-distance': [{ unit: 'm', factor: 1000 }],
  'wireless-capacity': [ratio],
  'wireless-ccq': [ratio],
  'wireless-quality': [ratio],
  'wireless-utilization': [ratio],
  delay: [plain('s')],
  count: [plain(''), plain('s'), plain('1/s'), plain('V'), plain('A'), plain('byte'), plain('ratio'), ratio],
  clients: [plain('')],
  airflow: [plain('m/s')],
  pressure: [{ unit: 'Pa', factor: 1000 }],
};

/** What a value of their class may be in a metric of ours; empty: they are not the same kind of thing. */
export function expectedIn(sensorClass: string, id: MetricId, sameInstance: boolean): number[] {
  const accepted = classes[sensorClass] ?? [plain('')];
  const { unit } = metric(id);
  return (sameInstance ? accepted : accepted.slice(0, 1))
    .filter((each) => each.unit === unit)
    .map((each) => each.factor);
}

/** Whether two values are the same within half of our last decimal place. */
export function same(actual: number, expected: number, decimals: number): boolean {
  return Math.abs(actual - expected) <= 0.51 * 10 ** -decimals + 1e-6 * Math.abs(expected) + 1e-9;
}
