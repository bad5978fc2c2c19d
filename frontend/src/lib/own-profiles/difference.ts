import type { ProbeResult } from '@rackhaus/config/contract';

export type Mark = 'added' | 'gone' | 'changed' | 'same';
type Sensor = ProbeResult['sensors'][number];

/** One value of a device, as it is read with the text and as it was before. */
export interface ComparedSensor {
  readonly key: string;
  readonly mark: Mark;
  readonly now: Sensor | null;
  readonly before: Sensor | null;
}

/** A value that is measured twice differs a little; so much of it is no difference of the profiles. */
const tolerance = 0.05;

/** What a text reads of a device beside what is read of it now; what differs comes first. */
export function compareSensors(now: readonly Sensor[], before: readonly Sensor[]): ComparedSensor[] {
  const old = byKey(before);
  const compared: ComparedSensor[] = [];
  for (const [key, sensor] of byKey(now)) {
    const was = old.get(key) ?? null;
    old.delete(key);
    compared.push({
      key,
      mark: was === null ? 'added' : same(sensor, was) ? 'same' : 'changed',
      now: sensor,
      before: was,
    });
  }
  for (const [key, sensor] of old) compared.push({ key, mark: 'gone', now: null, before: sensor });
  const order: readonly Mark[] = ['added', 'changed', 'gone', 'same'];
  return compared.sort((a, b) => order.indexOf(a.mark) - order.indexOf(b.mark));
}

/** By metric and name; equal ones are told apart by how many there were before. */
function byKey(sensors: readonly Sensor[]): Map<string, Sensor> {
  const keyed = new Map<string, Sensor>();
  for (const sensor of sensors) {
    let key = `${sensor.metric} ${sensor.name}`;
    while (keyed.has(key)) key += '+';
    keyed.set(key, sensor);
  }
  return keyed;
}

function same(one: Sensor, other: Sensor): boolean {
  if (one.state !== other.state) return false;
  const most = Math.max(Math.abs(one.value), Math.abs(other.value));
  return Math.abs(one.value - other.value) <= most * tolerance;
}

/** How many of each. */
export function countMarks(compared: readonly ComparedSensor[]): Record<Mark, number> {
  const counts = { added: 0, gone: 0, changed: 0, same: 0 };
  for (const { mark } of compared) counts[mark]++;
  return counts;
}
