import type { TraceStart } from '@rackhaus/config/contract';

/** What is traced, and as of when, as it stands in the address of the page. */
export interface Asked {
  readonly port: readonly number[];
  readonly cable: readonly number[];
  readonly device: readonly number[];
  readonly outlet: readonly number[];
  readonly room: readonly number[];
  /** The order after which it is shown. */
  readonly after: number | null;
  /** Milliseconds since 1970. */
  readonly at: number | null;
}
const subjects = ['port', 'cable', 'device', 'outlet', 'room'] as const;
export const nothingAsked: Asked = {
  port: [],
  cable: [],
  device: [],
  outlet: [],
  room: [],
  after: null,
  at: null,
};

/** Reads an address; what makes no sense there is left out. */
export function askedOf(params: Pick<URLSearchParams, 'get' | 'getAll'>): Asked {
  const numbers = (name: string) =>
    params
      .getAll(name)
      .map(Number)
      .filter((number) => Number.isSafeInteger(number) && (name === 'cable' ? number !== 0 : number > 0));
  const one = (name: string) => {
    const number = Number(params.get(name) ?? Number.NaN);
    return Number.isSafeInteger(number) && number > 0 ? number : null;
  };
  const after = one('after');
  return {
    port: numbers('port'),
    cable: numbers('cable'),
    device: numbers('device'),
    outlet: numbers('outlet'),
    room: numbers('room'),
    after,
    at: after === null ? one('at') : null,
  };
}

/** The query of the page and of GET /api/trace; "" when nothing is asked for. */
export function queryOf(asked: Asked): string {
  const query = new URLSearchParams();
  for (const name of subjects) for (const id of asked[name]) query.append(name, String(id));
  if (query.size === 0) return '';
  if (asked.after !== null) query.set('after', String(asked.after));
  else if (asked.at !== null) query.set('at', String(asked.at));
  return query.toString();
}

/** What is asked for when somebody chooses a result. */
export function askedFor(start: TraceStart): Asked {
  switch (start.kind) {
    case 'link':
      return { ...nothingAsked, cable: [start.cableId ?? start.id] };
    case 'device':
    case 'outlet':
    case 'room':
      return { ...nothingAsked, [start.kind]: [start.id] };
    default:
      return { ...nothingAsked, port: start.ports };
  }
}
