/** What fits one Ethernet frame with room for headers: no fragments, which some networks drop. */
const frameBytes = 1_300;
/** Fewer round trips and less CPU; many devices and networks bear it. */
const largestBytes = 8_000;

/**
 * How much to ask one device for in one request. Starts with what fits a frame, grows while answers come whole, halves
 * when one does not come, and remembers what was too much.
 */
export class ReplySize {
  private bytes = frameBytes;
  /** Answers above this did not come. */
  private ceiling = largestBytes;
  /** Most values the device puts into one answer, when it cuts answers short. */
  private mostValues = Number.POSITIVE_INFINITY;
  private successes = 0;

  /** Repetitions for a request of so many columns, given how long a value was so far. */
  repetitions(columns: number, bytesPerValue: number): number {
    const byBytes = Math.floor(this.bytes / (columns * bytesPerValue));
    const byValues = Math.floor(this.mostValues / columns);
    return Math.max(1, Math.min(byBytes, byValues, 255));
  }

  /** An answer came; `full` when it held as many repetitions as were asked for. */
  came(full: boolean): void {
    if (!full) return;
    this.successes++;
    if (this.bytes < this.ceiling) this.bytes = Math.min(this.ceiling, Math.floor(this.bytes * 1.6));
    // What failed once may have been bad luck: the ceiling rises again, slowly.
    if (this.successes % 200 === 0) this.ceiling = Math.min(largestBytes, this.ceiling * 2);
  }

  /** The device answered with fewer values than fit its answer: it has a limit of its own. */
  cutShort(values: number): void {
    this.mostValues = Math.max(1, values);
  }

  /** No answer, or tooBig. False when nothing smaller can be asked for. */
  shrink(columns: number, repetitions: number, bytesPerValue: number): boolean {
    if (repetitions <= 1) return false;
    this.bytes = Math.max(64, Math.min(this.bytes, repetitions * columns * bytesPerValue) / 2);
    this.ceiling = this.bytes;
    this.successes = 0;
    return true;
  }
}
