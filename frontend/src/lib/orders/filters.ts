import type { OrderState } from '@rackhaus/config/contract';

/** The parts of the list of orders, and the states that each holds. */
export const parts = {
  open: ['draft', 'rejected'],
  waiting: ['submitted'],
  todo: ['approved', 'working'],
  over: ['done', 'cancelled'],
} as const satisfies Record<string, readonly OrderState[]>;
export type Part = keyof typeof parts;
export const partNames = ['all', 'open', 'waiting', 'todo', 'over'] as const;
export type PartName = (typeof partNames)[number];

/** What of the list is wanted, as it stands in the address. */
export interface ListFilter {
  readonly part: PartName;
  readonly q: string;
  readonly mine: boolean;
  readonly page: number;
  readonly size: number;
}
export const usualSize = 50;

/** Reads an address; what makes no sense there is what it is from the start. */
export function filterOf(params: Pick<URLSearchParams, 'get'>): ListFilter {
  const whole = (name: string, otherwise: number) => {
    const number = Number(params.get(name));
    return Number.isSafeInteger(number) && number > 0 ? number : otherwise;
  };
  return {
    part: partNames.find((name) => name === params.get('show')) ?? 'all',
    q: params.get('q') ?? '',
    mine: params.get('mine') === 'true',
    page: whole('page', 1),
    size: Math.min(500, whole('size', usualSize)),
  };
}

/** For the address of the page; what is so from the start is left out. */
export function addressOf({ part, q, mine, page, size }: ListFilter): string {
  const params = new URLSearchParams();
  if (part !== 'all') params.set('show', part);
  if (q.trim() !== '') params.set('q', q.trim());
  if (mine) params.set('mine', 'true');
  if (page > 1) params.set('page', String(page));
  if (size !== usualSize) params.set('size', String(size));
  return params.toString();
}

/** For GET /api/orders. */
export function queryOf({ part, q, mine, page, size }: ListFilter): string {
  const params = new URLSearchParams({ page: String(page), size: String(size) });
  if (part !== 'all') params.set('state', parts[part].join(','));
  if (q.trim() !== '') params.set('q', q.trim());
  if (mine) params.set('mine', 'true');
  return params.toString();
}
