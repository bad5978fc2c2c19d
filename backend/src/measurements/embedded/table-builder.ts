import type { Table } from './table.ts';

/** Makes a table of rows in any order; its arrays are used again by the next one. */
export class TableBuilder {
  #times = new Float64Array(64);
  readonly #buffers: Float64Array[] = [];
  #fields: number[] = [];
  /** By field: its place among the columns of this table, plus one. */
  #placeOf = new Uint16Array(512);
  #count = 0;
  #ascending = true;

  begin(): void {
    for (const field of this.#fields) this.#placeOf[field] = 0;
    this.#fields = [];
    this.#count = 0;
    this.#ascending = true;
  }

  row(time: number): void {
    if (this.#count > 0 && time <= (this.#times[this.#count - 1] ?? 0)) this.#ascending = false;
    if (this.#count === this.#times.length) this.#grow();
    this.#times[this.#count] = time;
    for (let i = 0; i < this.#fields.length; i++) {
      const column = this.#buffers[i];
      if (column) column[this.#count] = Number.NaN;
    }
    this.#count++;
  }

  /** A value of the row begun last. */
  value(field: number, value: number): void {
    const place = this.#placeOf[field] || this.#addField(field);
    const column = this.#buffers[place - 1];
    if (column) column[this.#count - 1] = value;
  }

  #addField(field: number): number {
    if (field >= this.#placeOf.length) {
      const larger = new Uint16Array(field * 2);
      larger.set(this.#placeOf);
      this.#placeOf = larger;
    }
    const place = this.#fields.push(field);
    this.#placeOf[field] = place;
    if (this.#buffers.length < place) this.#buffers.push(new Float64Array(this.#times.length));
    this.#buffers[place - 1]?.fill(Number.NaN, 0, this.#count);
    return place;
  }

  #grow(): void {
    const times = new Float64Array(this.#times.length * 2);
    times.set(this.#times);
    this.#times = times;
    for (const [i, column] of this.#buffers.entries()) {
      const larger = new Float64Array(times.length);
      larger.set(column);
      this.#buffers[i] = larger;
    }
  }

  /** The rows so far in ascending time; of several with the same time, later values win. Valid until the next `begin`. */
  finish(): Table {
    const table = { count: this.#count, times: this.#times, fields: this.#fields, columns: this.#buffers };
    return this.#ascending ? table : sorted(table);
  }
}

/** Rows in any order, put in order. */
function sorted(rows: Table): Table {
  const order = Array.from({ length: rows.count }, (_, i) => i);
  // Stable, so that of several with the same time the last given stays last.
  order.sort((a, b) => (rows.times[a] ?? 0) - (rows.times[b] ?? 0));
  const times = new Float64Array(rows.count);
  let count = 0;
  const places = order.map((from) => {
    const time = rows.times[from] ?? 0;
    if (count === 0 || times[count - 1] !== time) times[count++] = time;
    return count - 1;
  });
  const columns = rows.fields.map((_, index) => {
    const source = rows.columns[index];
    const column = new Float64Array(count).fill(Number.NaN);
    for (const [i, from] of order.entries()) {
      const value = source?.[from] ?? Number.NaN;
      if (!Number.isNaN(value)) column[places[i] ?? 0] = value;
    }
    return column;
  });
  return { count, times, fields: rows.fields, columns };
}
