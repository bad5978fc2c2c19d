import { type MetricId, metric } from '@rackhaus/config/contract';
import { metricName } from '../metrics/names.ts';
import { m } from '../paraglide/messages.js';
import type { ModbusTable, ModbusType } from './points.ts';

export const tableWords: Readonly<Record<ModbusTable, () => string>> = {
  holding: m.check_point_holding,
  input: m.check_point_input,
  coil: m.check_point_coil,
  discrete: m.check_point_discrete,
};

export const typeWords: Readonly<Record<ModbusType, () => string>> = {
  int16: m.check_point_int16,
  uint16: m.check_point_uint16,
  int32: m.check_point_int32,
  uint32: m.check_point_uint32,
  float32: m.check_point_float32,
  bit: m.check_point_bit,
};

// What a climate unit has stands first.
const kinds = [
  ['sensor', m.check_metrics_sensor],
  ['fan', m.check_metrics_fan],
  ['supply', m.check_metrics_supply],
  ['line', m.check_metrics_line],
  ['ups', m.check_metrics_ups],
  ['storage', m.check_metrics_storage],
  ['device', m.check_metrics_device],
] as const;

/** Measurements by what has them. */
export function pointGroups(
  metrics: readonly MetricId[],
): { label: string; options: { value: string; label: string }[] }[] {
  return kinds.map(([kind, label]) => ({
    label: label(),
    options: metrics
      .filter((id) => metric(id).kind === kind)
      .map((id) => ({ value: id, label: metricName(id) })),
  }));
}
