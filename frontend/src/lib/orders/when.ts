import type { OrderEntry } from '@rackhaus/config/contract';
import { quantities } from '../format/index.ts';
import { m } from '../paraglide/messages.js';

/** When an order is to be carried out, in words; "" when nobody said so. */
export function when({
  scheduledFrom,
  scheduledUntil,
}: Pick<OrderEntry, 'scheduledFrom' | 'scheduledUntil'>): string {
  const say = (time: number) => quantities.moment(time, Date.now());
  if (scheduledFrom !== null && scheduledUntil !== null)
    return m.orders_from_until({ from: say(scheduledFrom), until: say(scheduledUntil) });
  if (scheduledUntil !== null) return m.orders_until_time({ until: say(scheduledUntil) });
  return scheduledFrom === null ? '' : m.orders_from_time({ from: say(scheduledFrom) });
}
