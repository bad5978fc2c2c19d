import type { DeviceView, PortKind, PortVlans, portStates } from '@rackhaus/config/contract';

export type PortState = (typeof portStates)[number];
/** Metric name to value, as a reading of one entity holds them. */
export type Values = Readonly<Record<string, number>>;

/** One line of the ports table: what is documented, observed and read, side by side. null: not known. */
export interface PortRow {
  /** Unique within the device. */
  readonly key: string;
  readonly id: number | null;
  readonly name: string;
  readonly alias: string | null;
  readonly mac: string | null;
  readonly documented: boolean;
  readonly observed: boolean;
  readonly state: PortState;
  readonly speed: number | null;
  readonly duplex: number | null;
  readonly rx: number | null;
  readonly tx: number | null;
  /** Errors and discards of both directions, per second. */
  readonly errors: number | null;
  readonly poe: number | null;
  readonly poePower: number | null;
  readonly changedAt: number | null;
  /** Names of the metrics that there are readings of. */
  readonly metrics: readonly string[];
  readonly farEnd: DeviceView['ports'][number]['farEnd'];
  /** Where the run leads that this port is in the middle of: two, or none. */
  readonly between: readonly NonNullable<DeviceView['ports'][number]['farEnd']>[];
  readonly neighbour: { readonly name: string; readonly port: string } | null;
  /** State of its spanning tree (BRIDGE-MIB dot1dStpPortState). */
  readonly stp: number | null;
  readonly vlans: PortVlans | null;
}

/** The state that a port's readings say (IF-MIB ifAdminStatus and ifOperStatus, pethPsePortDetectionStatus). */
export function portState(values: Values | undefined): PortState {
  if (!values) return 'unknown';
  if (values.admin === 2) return 'disabled';
  if (values.poe === 4 || values.poe === 6) return 'fault';
  if (values.oper === 1) return 'up';
  if (values.oper === 2 || values.oper === 5 || values.oper === 6 || values.oper === 7) return 'down';
  return 'unknown';
}

/**
 * The ports of some kinds with their readings, in the documentation's order. Readings that nobody vouches for (the device is
 * silent) say no state and no amounts.
 */
export function portRows(
  ports: DeviceView['ports'],
  kinds: ReadonlySet<PortKind>,
  vouched: boolean,
  readingOf: (port: string) => Values | undefined,
  /** The state as the server judges it: it knows which ports should be up. */
  judged: (portId: number) => PortState | undefined = () => undefined,
): PortRow[] {
  return ports
    .filter(({ kind }) => kinds.has(kind))
    .map((port) => {
      const values = readingOf(port.name);
      const now = vouched ? values : undefined;
      return {
        key: port.id === null ? `observed/${port.name}` : String(port.id),
        id: port.id,
        name: port.name,
        alias: port.alias,
        mac: port.mac,
        documented: port.documented,
        observed: port.observed,
        state: (now && port.id !== null ? judged(port.id) : undefined) ?? portState(now),
        speed: now?.speed ?? null,
        duplex: now?.duplex ?? null,
        rx: now?.rx ?? null,
        tx: now?.tx ?? null,
        errors: sum([now?.rxErrors, now?.txErrors, now?.rxDiscards, now?.txDiscards]),
        poe: now?.poe ?? null,
        poePower: now?.poePower ?? null,
        changedAt: values?.changedAt ?? null,
        metrics: Object.keys(values ?? {}),
        farEnd: port.farEnd,
        between: port.between ?? [],
        neighbour: port.neighbour,
        stp: now?.stp ?? null,
        vlans: port.vlans ?? null,
      };
    });
}

/** What a port leads to: the other end, or from the middle of a run both ends. */
export function endsOf(row: Pick<PortRow, 'farEnd' | 'between'>): PortRow['between'] {
  return row.farEnd ? [row.farEnd] : row.between;
}

function sum(parts: readonly (number | undefined)[]): number | null {
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? null : known.reduce((total, part) => total + part, 0);
}

export const portColumns = [
  'name',
  'state',
  'speed',
  'rx',
  'tx',
  'errors',
  'poe',
  'farEnd',
  'neighbour',
] as const;
export type PortColumn = (typeof portColumns)[number];
export interface PortOrder {
  readonly column: PortColumn;
  readonly descending: boolean;
}

const stateRank: Readonly<Record<PortState, number>> = { fault: 0, up: 1, down: 2, disabled: 3, unknown: 4 };

function sortValue(row: PortRow, column: PortColumn): string | number | null {
  switch (column) {
    case 'name':
      return row.name;
    case 'state':
      return stateRank[row.state];
    case 'poe':
      return row.poePower ?? (row.poe === null ? null : 0);
    case 'farEnd':
      return endsOf(row).length > 0
        ? endsOf(row)
            .map((end) => `${end.name} ${end.portName}`)
            .join(' ')
        : null;
    case 'neighbour':
      return row.neighbour ? `${row.neighbour.name} ${row.neighbour.port}` : null;
    default:
      return row[column];
  }
}

/** Rows in an order; null keeps the face's order. What is not known comes last, whichever way the order runs. */
export function sortPorts(rows: readonly PortRow[], order: PortOrder | null, language: string): PortRow[] {
  if (order === null) return [...rows];
  // 1/1/10 after 1/1/9.
  const collator = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
  const sign = order.descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const left = sortValue(a, order.column);
    const right = sortValue(b, order.column);
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    if (typeof left === 'number' && typeof right === 'number') return sign * (left - right);
    return sign * collator.compare(String(left), String(right));
  });
}

/** Rows that hold every word of a search in a name, a label, an address or what is at the other end, and are in one of the states. */
export function filterPorts(
  rows: readonly PortRow[],
  search: string,
  state: PortState | 'all',
  language: string,
): PortRow[] {
  const words = search
    .toLocaleLowerCase(language)
    .split(/\s+/)
    .filter((word) => word !== '');
  return rows.filter((row) => {
    if (state !== 'all' && row.state !== state) return false;
    const text = [
      row.name,
      row.alias,
      row.mac,
      ...endsOf(row).flatMap((end) => [end.name, end.portName]),
      row.neighbour?.name,
      row.neighbour?.port,
    ]
      .join(' ')
      .toLocaleLowerCase(language);
    return words.every((word) => text.includes(word));
  });
}

/** Which columns say anything for these ports: the others are left out. */
export function usedColumns(rows: readonly PortRow[]): PortColumn[] {
  return portColumns.filter(
    (column) =>
      column === 'name' ||
      rows.some((row) => (column === 'state' ? row.metrics.length > 0 : sortValue(row, column) !== null)),
  );
}
