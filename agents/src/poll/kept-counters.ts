/** Of tables without rows or counters. */
const none = new Float64Array(0);

/** The counters of one table's rows at the last poll, in flat arrays that are overwritten in place. */
export class KeptCounters {
  private readonly width: number;
  private values = none;
  private discontinuities = none;

  /** @param width counters per row */
  constructor(width: number) {
    this.width = width;
  }

  has(row: number, counter: number): boolean {
    return !Number.isNaN(this.values[row * this.width + counter] ?? Number.NaN);
  }

  value(row: number, counter: number): number | undefined {
    const value = this.values[row * this.width + counter] ?? Number.NaN;
    return Number.isNaN(value) ? undefined : value;
  }

  /** Of a counter that has a value. */
  discontinuity(row: number, counter: number): number {
    return this.discontinuities[row * this.width + counter] ?? 0;
  }

  set(row: number, counter: number, value: number, discontinuity: number): void {
    const at = row * this.width + counter;
    this.values[at] = value;
    this.discontinuities[at] = discontinuity;
  }

  forget(row: number, counter: number): void {
    this.values[row * this.width + counter] = Number.NaN;
  }

  forgetRow(row: number): void {
    this.values.fill(Number.NaN, row * this.width, (row + 1) * this.width);
  }

  /** Puts the rows in a new order: their former positions, -1 for one that is new. */
  reorder(order: readonly number[]): void {
    if (this.width === 0) return;
    const { values, discontinuities, width } = this;
    this.values = new Float64Array(order.length * width).fill(Number.NaN);
    this.discontinuities = new Float64Array(order.length * width);
    order.forEach((from, row) => {
      if (from < 0) return;
      this.values.set(values.subarray(from * width, (from + 1) * width), row * width);
      this.discontinuities.set(discontinuities.subarray(from * width, (from + 1) * width), row * width);
    });
  }
}
