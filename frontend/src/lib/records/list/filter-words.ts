import { fieldsOf, type RecordKind, type RecordNames } from '@rackhaus/config/contract';
import { m } from '../../paraglide/messages.js';
import { valueText } from '../display.ts';
import { fieldName, optionName } from '../names.ts';
import type { Filter } from './list-query.ts';

/** The word for an operator; of days one says "before". */
export function opWord(kind: RecordKind, field: string, op: string): string {
  const type = fieldsOf(kind).get(field)?.meta.type;
  const day = type === 'date' || type === 'time';
  switch (op) {
    case 'not':
      return m.list_op_not();
    case 'has':
      return m.list_op_has();
    case 'lt':
      return day ? m.list_op_before() : m.list_op_lt();
    case 'gt':
      return day ? m.list_op_after() : m.list_op_gt();
    case 'empty':
      return m.list_op_empty();
    default:
      return m.list_op_is();
  }
}

/** A filter in words, as its chip says it: "Status ist bestellt oder geliefert". */
export function filterWords(kind: RecordKind, { field, op, value }: Filter, names: RecordNames): string {
  if (field === 'within') return m.list_filter_within({ name: names[`${op}/${value}`] ?? value });
  const name = field === 'id' ? 'ID' : fieldName(kind, field);
  if (op === 'empty') return `${name} ${value === 'no' ? m.list_op_filled() : m.list_op_empty()}`;
  return m.list_filter_words({
    field: name,
    op: opWord(kind, field, op),
    value: valueWords(kind, field, op, value, names),
  });
}

function valueWords(kind: RecordKind, field: string, op: string, value: string, names: RecordNames): string {
  const meta = fieldsOf(kind).get(field)?.meta;
  if (meta === undefined) return value;
  const one = (text: string): string => {
    if (meta.type === 'choice') return optionName(kind, field, text);
    if (meta.type === 'flag') return valueText(kind, field, text === 'true', names);
    const numeric =
      meta.type === 'ref' || meta.type === 'integer' || meta.type === 'number' || meta.type === 'time';
    return valueText(kind, field, numeric ? Number(text) : text, names);
  };
  const values = op === 'any' ? value.split(',').map(one) : [one(value)];
  const last = values.at(-1) ?? '';
  return values.length < 2 ? last : m.list_or({ first: values.slice(0, -1).join(', '), last });
}
