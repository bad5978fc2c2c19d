import type { TableSpec } from '../../history/spec.ts';
import { recordSpec } from './spec.ts';
import { about } from './subjects.ts';

/** Change orders. What may be written when, and by whom, is decided where orders are made and carried out. */
export const orderSpecs: readonly TableSpec[] = [
  recordSpec('order', {
    table: 'orders',
    searched: ['number', 'title'],
    nameOf: (row) => `${row.number ?? ''} ${row.title ?? ''}`.trim(),
    dependents: [
      { kind: 'order-step', by: 'order_id', action: 'delete' },
      { kind: 'order-item', by: 'order_id', action: 'delete' },
      { kind: 'order', by: 'reverses_id', action: 'clear' },
      ...about('order'),
    ],
  }),
  recordSpec('order-item', {
    table: 'order_items',
    nameOf: () => '',
    scopesOf: (row) => [{ kind: 'order', id: Number(row.order_id) }],
    ownerOf: (row) => ({ kind: 'order', id: Number(row.order_id) }),
    dependents: [{ kind: 'order-step', by: 'item_id', action: 'delete' }],
  }),
  recordSpec('order-step', {
    table: 'order_steps',
    nameOf: () => '',
    scopesOf: (row) => [{ kind: 'order', id: Number(row.order_id) }],
    ownerOf: (row) => ({ kind: 'order', id: Number(row.order_id) }),
  }),
];
