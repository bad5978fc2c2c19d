import {
  type FieldMeta,
  type FilterOp,
  fieldsOf,
  filterOps,
  type RecordKind,
} from '@rackhaus/config/contract';

/** One condition of a list. `within` has a kind where others have an operator: `within:room:12`. */
export interface Filter {
  readonly field: string;
  readonly op: string;
  readonly value: string;
}

/** What a list shows, as its address says it. */
export interface ListState {
  readonly q: string;
  readonly filters: readonly Filter[];
  /** `name`, `-name`; several by commas. Empty: the order of the server. */
  readonly sort: string;
  /** null: those that the kind shows from the start. */
  readonly columns: readonly string[] | null;
  readonly page: number;
  readonly size: number;
}

export const pageSizes = [50, 100, 200] as const;
export const emptyList: ListState = { q: '', filters: [], sort: '', columns: null, page: 1, size: 100 };

/** Kinds in which something can be, from the widest on. */
export const containers = ['site', 'building', 'floor', 'room', 'rack', 'device'] as const;
export type Container = (typeof containers)[number];

const insideOf: Partial<Readonly<Record<RecordKind, number>>> = {
  building: 1,
  floor: 2,
  room: 3,
  rack: 4,
  device: 5,
  outlet: 4,
  port: 6,
  link: 6,
  monitoring: 6,
  'spare-part': 4,
  vlan: 1,
  prefix: 1,
  address: 6,
  service: 6,
};

/** What a record of the kind can be in: a room in a floor, a building, a site. */
export function containersOf(kind: RecordKind): readonly Container[] {
  return containers.slice(0, insideOf[kind] ?? 0);
}

/** What a field can be compared by, the usual one first. */
export function opsOf(meta: FieldMeta): readonly FilterOp[] {
  const nullable = meta.initial === null;
  const empty: FilterOp[] = nullable ? ['empty'] : [];
  switch (meta.type) {
    case 'text':
      return ['has', 'is', 'not', ...empty];
    case 'long-text':
    case 'json':
      return ['has', ...empty];
    case 'integer':
    case 'number':
    case 'date':
      return ['is', 'lt', 'gt', ...empty];
    case 'time':
      return ['lt', 'gt'];
    case 'flag':
      return ['is'];
    case 'choice':
      return ['any', 'not', ...empty];
    case 'ref':
      return ['is', 'not', ...empty];
  }
}

/** Fields that can be filtered by: all but shapes of their own. */
export function filterFields(kind: RecordKind): string[] {
  return [...fieldsOf(kind)].filter(([, { meta }]) => meta.type !== 'json').map(([name]) => name);
}

/** A filter as the API takes it. */
export function filterText({ field, op, value }: Filter): string {
  return `${field}:${op}:${value}`;
}

/** Reads a filter of an address; undefined for what the kind does not have. */
export function readFilter(kind: RecordKind, text: string): Filter | undefined {
  const [field = '', op = '', ...rest] = text.split(':');
  const value = rest.join(':');
  if (field === 'within')
    return containers.some((one) => one === op) && /^\d+$/.test(value) ? { field, op, value } : undefined;
  const known = field === 'id' || fieldsOf(kind).has(field);
  return known && filterOps.some((one) => one === op) ? { field, op, value } : undefined;
}

/** The state that an address says; what it does not say or what is not understood is as from the start. */
export function readList(kind: RecordKind, params: Pick<URLSearchParams, 'get' | 'getAll'>): ListState {
  const fields = fieldsOf(kind);
  const columns =
    params
      .get('columns')
      ?.split(',')
      .filter((name) => fields.has(name)) ?? [];
  const page = Number(params.get('page') ?? 1);
  const size = Number(params.get('size') ?? emptyList.size);
  return {
    q: params.get('q') ?? '',
    filters: params.getAll('filter').flatMap((text) => readFilter(kind, text) ?? []),
    sort: (params.get('sort') ?? '')
      .split(',')
      .filter((name) => fields.has(name.replace(/^-/, '')))
      .join(','),
    columns: columns.length === 0 ? null : columns,
    page: Number.isInteger(page) && page > 0 ? page : 1,
    size: pageSizes.find((one) => one === size) ?? emptyList.size,
  };
}

/** The address that says a state: what is as from the start is left out. Without the page: what is kept as a view. */
export function listText(state: ListState, part: 'whole' | 'view' = 'whole'): string {
  const params = new URLSearchParams();
  if (state.q !== '') params.set('q', state.q);
  for (const filter of state.filters) params.append('filter', filterText(filter));
  if (state.sort !== '') params.set('sort', state.sort);
  if (state.columns !== null) params.set('columns', state.columns.join(','));
  if (state.size !== emptyList.size) params.set('size', String(state.size));
  if (part === 'whole' && state.page !== 1) params.set('page', String(state.page));
  return params.toString();
}

/** How a column is ordered after its head was pressed: upwards, downwards, not. With `add` beside the others. */
export function sortedBy(sort: string, field: string, add: boolean): string {
  const words = sort.split(',').filter((word) => word !== '');
  const now = words.find((word) => word.replace(/^-/, '') === field);
  const next = now === undefined ? field : now.startsWith('-') ? '' : `-${field}`;
  if (!add) return next;
  const others = words.filter((word) => word !== now);
  return [...others, next].filter((word) => word !== '').join(',');
}

/** `aria-sort` of a column: how the list is ordered by it. */
export function sortOf(sort: string, field: string): 'ascending' | 'descending' | 'none' {
  const words = sort.split(',');
  if (words.includes(field)) return 'ascending';
  return words.includes(`-${field}`) ? 'descending' : 'none';
}
