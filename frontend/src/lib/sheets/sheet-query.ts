import { type SheetKind, sheetCables, sheetKinds } from '@rackhaus/config/contract';

export type Cables = (typeof sheetCables)[number];

/** Which sheet is shown of what, as it stands in the address of the page. */
export interface SheetState {
  readonly sheet: SheetKind;
  /** "rack:3"; "" for everything. */
  readonly within: string;
  /** null: what is usual for the sheet. */
  readonly cables: Cables | null;
  readonly devices: readonly number[];
  readonly years: number;
  readonly weeks: number;
  /** Key of a column; "" as one walks. */
  readonly sort: string;
  readonly order: 'asc' | 'desc';
  readonly page: number;
  readonly size: number;
}

export const usualYears = 4;
export const usualWeeks = 4;
const usualSize = 100;

/** Which cables a sheet shows unless somebody asks for others; null where that is not asked. */
export function usualCables(sheet: SheetKind): Cables | null {
  switch (sheet) {
    case 'patch':
      return 'cords';
    case 'unused':
      return 'all';
    case 'inspection':
      return 'permanent';
    default:
      return null;
  }
}

/** What an address asks for; anything else than expected is left out. */
export function stateOf(params: Pick<URLSearchParams, 'get'>): SheetState {
  const number = (name: string, least: number, most: number, initial: number) => {
    const value = Number(params.get(name) ?? Number.NaN);
    return Number.isInteger(value) && value >= least && value <= most ? value : initial;
  };
  const within = params.get('within') ?? '';
  const sort = params.get('sort') ?? '';
  return {
    sheet: sheetKinds.find((kind) => kind === params.get('sheet')) ?? 'patch',
    within: /^(site|building|floor|room|rack):\d{1,15}$/.test(within) ? within : '',
    cables: sheetCables.find((cables) => cables === params.get('cables')) ?? null,
    devices: [...new Set((params.get('devices') ?? '').split(',').filter((id) => /^\d{1,15}$/.test(id)))].map(
      Number,
    ),
    years: number('years', 1, 30, usualYears),
    weeks: number('weeks', 0, 260, usualWeeks),
    sort: /^[a-zA-Z]{1,40}$/.test(sort) ? sort : '',
    order: params.get('order') === 'desc' ? 'desc' : 'asc',
    page: number('page', 1, 99_999, 1),
    size: number('size', 1, 500, usualSize),
  };
}

/** The part of a state that the server is asked for; what is usual is left out. */
function choiceParams(state: SheetState): URLSearchParams {
  const params = new URLSearchParams();
  if (state.within !== '') params.set('within', state.within);
  if (state.cables !== null && usualCables(state.sheet) !== null) params.set('cables', state.cables);
  if (state.sheet === 'removal' && state.devices.length > 0) params.set('devices', state.devices.join(','));
  if (state.sheet === 'inspection' && state.years !== usualYears) params.set('years', `${state.years}`);
  if (state.sheet === 'undocumented' && state.weeks !== usualWeeks) params.set('weeks', `${state.weeks}`);
  if (state.sort !== '') {
    params.set('sort', state.sort);
    if (state.order === 'desc') params.set('order', 'desc');
  }
  return params;
}

/** The address of the page that shows this. */
export function addressOf(state: SheetState): string {
  const params = choiceParams(state);
  const all = new URLSearchParams({ sheet: state.sheet, ...Object.fromEntries(params) });
  if (state.page > 1) all.set('page', `${state.page}`);
  if (state.size !== usualSize) all.set('size', `${state.size}`);
  return `/sheets?${all}`;
}

/** Where the rows come from. */
export function rowsAddress(state: SheetState, language: 'de' | 'en'): string {
  const params = choiceParams(state);
  params.set('language', language);
  params.set('page', `${state.page}`);
  params.set('size', `${state.size}`);
  return `/api/sheets/${state.sheet}?${params}`;
}

/** Where the whole sheet is as a file. */
export function fileAddress(
  state: SheetState,
  format: 'pdf' | 'xlsx' | 'csv',
  language: 'de' | 'en',
): string {
  const params = choiceParams(state);
  params.set('language', language);
  params.set('format', format);
  return `/api/sheets/${state.sheet}/file?${params}`;
}

/** Where the cabling of the place is as a list that an import takes back. */
export function cablingAddress(state: SheetState, format: 'xlsx' | 'csv', language: 'de' | 'en'): string {
  const params = new URLSearchParams({ language, format });
  if (state.within !== '') params.set('within', state.within);
  return `/api/cables/export?${params}`;
}

/** What a column is sorted by next: upwards, downwards, as one walks. */
export function nextSort(state: SheetState, key: string): Pick<SheetState, 'sort' | 'order'> {
  if (state.sort !== key) return { sort: key, order: 'asc' };
  return state.order === 'asc' ? { sort: key, order: 'desc' } : { sort: '', order: 'asc' };
}
