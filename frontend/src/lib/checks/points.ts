import { modbusTables, modbusTypes } from '@rackhaus/config/contract';
import { z } from 'zod';

export type ModbusTable = (typeof modbusTables)[number];
export type ModbusType = (typeof modbusTypes)[number];

/** One value of a Modbus check while it is typed: numbers are texts until it is sent. */
export interface PointInput {
  name: string;
  table: ModbusTable;
  address: string;
  type: ModbusType;
  order: 'high-first' | 'low-first';
  scale: string;
  offset: string;
  metric: string;
  /** Raw values that mean "no sensor". */
  drop: string;
  /** What raw values mean, for metrics that are states. */
  states: { raw: string; state: string }[];
  /** Whether its fields are shown. */
  open: boolean;
}

/** A value as it begins. */
export function newPoint(): PointInput {
  return {
    name: '',
    table: 'input',
    address: '0',
    type: 'int16',
    order: 'high-first',
    scale: '1',
    offset: '0',
    metric: 'sensor.temperature',
    drop: '',
    states: [],
    open: true,
  };
}

/** What is kept, taken as far as it can be read: a value that a later version no longer knows is shown, not lost. */
const Kept = z.object({
  name: z.string().catch(''),
  table: z.enum(modbusTables).catch('holding'),
  address: z.number().catch(0),
  type: z.enum(modbusTypes).catch('int16'),
  order: z.enum(['high-first', 'low-first']).catch('high-first'),
  scale: z.number().catch(1),
  offset: z.number().catch(0),
  metric: z.string().catch(''),
  map: z.record(z.string(), z.string()).nullable().catch(null),
  drop: z.array(z.number()).catch([]),
});

/** Stored values as they are typed. */
export function typedPoints(points: unknown): PointInput[] {
  const list = z.array(Kept).safeParse(points);
  if (!list.success) return [];
  return list.data.map(({ map, drop, address, scale, offset, ...rest }) => ({
    ...rest,
    address: String(address),
    scale: String(scale),
    offset: String(offset),
    drop: drop.join('; '),
    states: Object.entries(map ?? {}).map(([raw, state]) => ({ raw, state })),
    open: false,
  }));
}

/** Typed values as they are stored; what is no number is left as it is, for the server to name. */
export function storedPoints(points: readonly PointInput[]): unknown[] {
  return points.map(({ name, table, address, type, order, scale, offset, metric, drop, states }) => {
    const filled = states.filter(({ raw, state }) => raw.trim() !== '' || state !== '');
    return {
      name: name.trim(),
      table,
      address: numberOf(address),
      type,
      order,
      scale: numberOf(scale),
      offset: numberOf(offset),
      metric,
      map:
        filled.length === 0 ? null : Object.fromEntries(filled.map(({ raw, state }) => [raw.trim(), state])),
      drop: drop
        .split(/[;\s]+/)
        .filter((part) => part !== '')
        .map(numberOf),
    };
  });
}

/** A number as people type it, with a comma or a point; the text itself where it is none; null: nothing was typed. */
export function numberOf(text: string): number | string | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const value = Number(trimmed.replace(',', '.'));
  return Number.isNaN(value) ? trimmed : value;
}

/** Bits stand in tables of their own. */
export function typeFor(table: ModbusTable, type: ModbusType): ModbusType {
  if (table === 'coil' || table === 'discrete') return 'bit';
  return type === 'bit' ? 'int16' : type;
}
