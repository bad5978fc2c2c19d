/**
 * Readings of one entity as columns: ascending distinct times, and per field one whole number (the value times ten to its
 * decimals) for each time, NaN where the reading did not have the field. Arrays may be longer than `count`.
 */
export interface Table {
  readonly count: number;
  readonly times: Float64Array;
  readonly fields: readonly number[];
  /** By place in `fields`. */
  readonly columns: readonly Float64Array[];
}

export const emptyTable: Table = { count: 0, times: new Float64Array(0), fields: [], columns: [] };

/** Where the first row with a time of at least `time` is. */
export function rowAt(table: Table, time: number): number {
  let low = 0;
  let high = table.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((table.times[middle] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The rows with times in [from, to); shares the arrays. */
export function sliceTable(table: Table, from: number, to: number): Table {
  const first = rowAt(table, from);
  const last = rowAt(table, to);
  if (first === 0 && last === table.count) return table;
  return {
    count: Math.max(0, last - first),
    times: table.times.subarray(first, last),
    fields: table.fields,
    columns: table.columns.map((column) => column.subarray(first, last)),
  };
}

/** Joins tables of which each ends before the next begins. */
export function joinTables(tables: readonly Table[]): Table {
  const [only] = tables;
  if (!only) return emptyTable;
  if (tables.length === 1) return only;
  let count = 0;
  const fields: number[] = [];
  for (const table of tables) {
    count += table.count;
    for (const field of table.fields) if (!fields.includes(field)) fields.push(field);
  }
  const times = new Float64Array(count);
  const columns = fields.map(() => new Float64Array(count));
  let at = 0;
  for (const table of tables) {
    times.set(table.times.subarray(0, table.count), at);
    for (const [index, field] of fields.entries()) {
      const place = table.fields.indexOf(field);
      const column = place < 0 ? undefined : table.columns[place];
      if (column) columns[index]?.set(column.subarray(0, table.count), at);
      else columns[index]?.fill(Number.NaN, at, at + table.count);
    }
    at += table.count;
  }
  return { count, times, fields, columns };
}

/** Puts the rows of two tables together, value by value: where both have one of the same time, `over` wins. */
export function mergeTables(base: Table, over: Table): Table {
  if (base.count === 0) return over;
  if (over.count === 0) return base;
  if ((base.times[base.count - 1] ?? 0) < (over.times[0] ?? 0)) return joinTables([base, over]);
  const places = placesOf(base, over);
  const times = new Float64Array(places.count);
  for (let i = 0; i < base.count; i++) times[places.base[i] ?? 0] = base.times[i] ?? 0;
  for (let i = 0; i < over.count; i++) times[places.over[i] ?? 0] = over.times[i] ?? 0;
  const fields = [...base.fields, ...over.fields.filter((field) => !base.fields.includes(field))];
  const columns = fields.map((field) => {
    const column = new Float64Array(places.count).fill(Number.NaN);
    scatter(column, base, places.base, field);
    scatter(column, over, places.over, field);
    return column;
  });
  return { count: places.count, times, fields, columns };
}

function placesOf(base: Table, over: Table): { count: number; base: Uint32Array; over: Uint32Array } {
  const places = { count: 0, base: new Uint32Array(base.count), over: new Uint32Array(over.count) };
  let i = 0;
  let k = 0;
  while (i < base.count || k < over.count) {
    const a = i < base.count ? (base.times[i] ?? 0) : Number.POSITIVE_INFINITY;
    const b = k < over.count ? (over.times[k] ?? 0) : Number.POSITIVE_INFINITY;
    if (a <= b) places.base[i++] = places.count;
    if (b <= a) places.over[k++] = places.count;
    places.count++;
  }
  return places;
}

function scatter(column: Float64Array, from: Table, places: Uint32Array, field: number): void {
  const source = from.columns[from.fields.indexOf(field)];
  if (!source) return;
  for (let i = 0; i < from.count; i++) {
    const value = source[i] ?? Number.NaN;
    if (!Number.isNaN(value)) column[places[i] ?? 0] = value;
  }
}
