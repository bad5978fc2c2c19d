import type { RecordKind } from '@rackhaus/config/contract';
import type { ExchangeFile, GivenRecord } from '../exchange/file.ts';

/** Something of NetBox that cannot be taken over as it is, in words. */
export interface Remark {
  readonly kind: RecordKind;
  readonly name: string;
  readonly message: string;
}

/** Records on their way from NetBox: each object there gets a number here. */
export class Draft {
  readonly remarks: Remark[] = [];
  readonly #records: Partial<Record<RecordKind, GivenRecord[]>> = {};
  readonly #ids = new Map<string, number>();
  #next = 1;

  /** Adds a record for an object of NetBox, known as `<source>/<its id>`. @returns its number here */
  add(kind: RecordKind, source: string, values: Readonly<Record<string, unknown>>): number {
    const id = this.#next++;
    const list = this.#records[kind] ?? [];
    list.push({ id, ...values });
    this.#records[kind] = list;
    this.#ids.set(source, id);
    return id;
  }

  /** Makes another object of NetBox the same record: a rear port that is the back of a jack. */
  alias(source: string, id: number): void {
    this.#ids.set(source, id);
  }

  idOf(source: string): number | undefined {
    return this.#ids.get(source);
  }

  remark(kind: RecordKind, name: string, message: string): void {
    this.remarks.push({ kind, name, message });
  }

  file(): ExchangeFile {
    return { rackhaus: 1, records: this.#records };
  }
}

/** Parts of a comment, one below the other; null when there is nothing. */
export function notesOf(...parts: readonly (string | null | undefined)[]): string | null {
  const said = parts.filter((part) => typeof part === 'string' && part !== '');
  return said.length === 0 ? null : said.join('\n\n');
}
