import type { RecordKind } from '@rackhaus/config/contract';

/** Kinds that have an interface of their own, where their rules are enforced. */
export const writtenElsewhere: Partial<Readonly<Record<RecordKind, string>>> = {
  order: '/api/orders',
  'order-item': '/api/orders',
  'order-step': '/api/orders',
};
