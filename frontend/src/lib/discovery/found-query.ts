import { FoundQuery } from '@rackhaus/config/contract';

/** What of the found devices is asked for, by an address of the page; what does not make sense there is as if it were not. */
export function readFoundQuery(params: URLSearchParams): FoundQuery {
  const parsed = FoundQuery.safeParse(Object.fromEntries(params));
  return parsed.success ? parsed.data : FoundQuery.parse({});
}

/** `?state=…`, for the page and for the server; what is usual is left out. */
export function foundQueryText(wanted: Partial<FoundQuery>): string {
  const parts = new URLSearchParams();
  if (wanted.state && wanted.state !== 'new') parts.set('state', wanted.state);
  if (wanted.show && wanted.show !== 'all') parts.set('show', wanted.show);
  if (wanted.order && wanted.order !== 'address') parts.set('order', wanted.order);
  if (wanted.scan !== undefined) parts.set('scan', String(wanted.scan));
  if (wanted.search) parts.set('search', wanted.search);
  if (wanted.page !== undefined && wanted.page > 1) parts.set('page', String(wanted.page));
  return parts.size === 0 ? '' : `?${parts}`;
}
