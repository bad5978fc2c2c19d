/** A line that is no line protocol, or says what it may not say. `line` counts from 1. */
export class LineProtocolError extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`);
    this.name = 'LineProtocolError';
    this.line = line;
  }
}
