/** What fits one Ethernet frame with room for headers: no fragments, which some networks drop. */
const frameBytes = 1_300;
/** Fewer round trips and less CPU; many devices and networks bear it. All columns of a 48-port switch fit. */
const largestBytes = 14_000;

/**
 * How much to ask one device for in one request. Starts with what fits a frame, grows while answers come whole, halves
 * when one does not come, and remembers what was too much as long as the agent runs: after a restart a device is
 * met with small requests again, and the size is found anew within a few polls.
 */
export class ReplySize {
  private bytes = frameBytes;
  /** Answers above this did not come. */
  private ceiling = largestBytes;
  private successes = 0;

  /** Repetitions for a request of so many columns, given how long a value was so far. */
  repetitions(columns: number, bytesPerValue: number): number {
    return Math.max(1, Math.floor(this.bytes / (columns * bytesPerValue)));
  }

  /**
   * An answer came; `full` when it held as many repetitions as were asked for. A device that cuts answers short at a limit
   * of its own is simply not asked for more: what it left out comes with the next request.
   */
  came(full: boolean): void {
    if (!full) return;
    this.successes++;
    if (this.bytes < this.ceiling) this.bytes = Math.min(this.ceiling, Math.floor(this.bytes * 1.6));
    // What failed once may have been bad luck: the ceiling rises again, slowly.
    if (this.successes % 200 === 0) this.ceiling = Math.min(largestBytes, this.ceiling * 2);
  }

  /** No answer, or tooBig. False when nothing smaller can be asked for. */
  shrink(columns: number, repetitions: number, bytesPerValue: number): boolean {
    if (repetitions <= 1) return false;
    // At least a row, since there were two.
    this.bytes = Math.min(this.bytes, repetitions * columns * bytesPerValue) / 2;
    this.ceiling = this.bytes;
    this.successes = 0;
    return true;
  }
}
