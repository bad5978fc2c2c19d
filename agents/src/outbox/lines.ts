const firstBytes = 65_536;

/**
 * Lines as UTF-8 bytes, each written where the last one ended. As strings they would wait in pieces until they are sent, and the
 * memory's keeper would carry all the pieces about.
 */
export class Lines {
  #bytes = Buffer.allocUnsafe(firstBytes);
  #length = 0;

  /** In bytes. */
  get length(): number {
    return this.#length;
  }

  add(line: string): void {
    // A UTF-16 unit takes at most three bytes.
    const most = this.#length + line.length * 3 + 1;
    if (most > this.#bytes.length) this.#grow(most);
    if (this.#length > 0) this.#bytes[this.#length++] = 0x0a;
    this.#length += this.#bytes.write(line, this.#length, 'utf8');
  }

  /** All lines so far, and begins anew: valid until the next {@link add}. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #grow(most: number): void {
    const larger = Buffer.allocUnsafe(Math.max(most, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
