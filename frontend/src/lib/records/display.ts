import { type FieldMeta, fieldsOf, type RecordKind, type RecordNames } from '@rackhaus/config/contract';
import { quantities } from '../format/index.ts';
import { m } from '../paraglide/messages.js';
import { getLocale } from '../paraglide/runtime.js';
import { optionName } from './names.ts';
import { numberText } from './numbers.ts';

const language = () => (getLocale() === 'de' ? 'de-DE' : 'en-GB');

/** `2026-11-22` as people write a day: 22.11.2026 or 22/11/2026. */
export function dayText(day: string): string {
  const time = new Date(`${day}T00:00:00`);
  return Number.isNaN(time.getTime())
    ? day
    : time.toLocaleDateString(language(), { day: '2-digit', month: '2-digit', year: 'numeric' });
}

/** Cents as euros. */
export function moneyText(cents: number): string {
  return (cents / 100).toLocaleString(language(), { style: 'currency', currency: 'EUR' });
}

/** The word for a unit beside a number or an input. */
export function unitWord(unit: NonNullable<FieldMeta['unit']>): string {
  switch (unit) {
    case 'U':
      return m.record_unit_u();
    case 'days':
      return m.record_unit_days();
    case 'ct':
      return '€';
    default:
      return unit;
  }
}

/** A value of a record in words; empty for what is not set. `names`: of the records that are referred to. */
export function valueText(kind: RecordKind, field: string, value: unknown, names: RecordNames): string {
  const meta = fieldsOf(kind).get(field)?.meta;
  if (meta === undefined || value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? m.record_yes() : m.record_no();
  if (typeof value === 'number') return numberValue(field, meta, value, names);
  if (typeof value === 'string') {
    if (meta.type === 'choice') return optionName(kind, field, value);
    return meta.type === 'date' ? dayText(value) : value;
  }
  return Array.isArray(value) && value.every((one) => typeof one !== 'object')
    ? value.join(', ')
    : JSON.stringify(value);
}

function numberValue(field: string, meta: FieldMeta, value: number, names: RecordNames): string {
  if (meta.type === 'ref') return names[`${meta.to}/${value}`] ?? m.record_pick_missing({ id: value });
  if (meta.type === 'time') return quantities.moment(value, Date.now());
  if (meta.unit === 'ct') return moneyText(value);
  if (field === 'position') return m.units({ units: numberText(value) });
  const text = quantities.number(value, Number.isInteger(value) ? 0 : 2);
  return meta.unit === undefined ? text : `${text}\u202f${unitWord(meta.unit)}`;
}
