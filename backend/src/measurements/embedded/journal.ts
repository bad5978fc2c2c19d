import { bytesOf, type DatabaseSync, numberOf, type StatementSync } from './database.ts';
import type { OpenRows } from './open-rows.ts';
import type { Packs } from './packs.ts';
import { DamagedBytes } from './varint.ts';

/** Rows of the journal that are deleted at once: a part has up to a megabyte. */
const deleteAtOnce = 4;

/** What has been written and is not packed yet, on disk. */
export class Journal {
  readonly #insert: StatementSync;
  readonly #remove: StatementSync;
  readonly #select: StatementSync;
  /** Which part reaches up to where in the open rows, oldest first. */
  #parts: { readonly id: number; readonly end: number }[] = [];
  #unconfirmed: number[] = [];

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare('INSERT INTO journal (part) VALUES (?)');
    this.#remove = database.prepare('DELETE FROM journal WHERE id <= ?');
    this.#select = database.prepare('SELECT id, part FROM journal ORDER BY id');
  }

  /** Writes parts; they count once they are confirmed, after the commit. */
  write(parts: readonly Uint8Array[]): void {
    this.#unconfirmed = parts.map((part) => Number(this.#insert.run(part).lastInsertRowid));
  }

  confirm(end: number): void {
    for (const id of this.#unconfirmed) this.#parts.push({ id, end });
    this.#unconfirmed = [];
  }

  /** Reads all that is there into the open rows. Parts that are damaged are put aside. */
  replay(rows: OpenRows, packs: Packs, known: (entity: number, time: number) => void): void {
    const damaged: number[] = [];
    for (const row of this.#select.iterate()) {
      const id = numberOf(row, 'id');
      const part = bytesOf(row, 'part');
      try {
        rows.addJournal(part);
        rows.link(known);
        this.#parts.push({ id, end: rows.position });
      } catch (error) {
        if (!(error instanceof DamagedBytes)) throw error;
        packs.setAside('journal', id, part, error);
        damaged.push(id);
      }
    }
    for (const id of damaged) this.#parts.unshift({ id, end: 0 });
    if (damaged.length > 0) this.#parts.sort((a, b) => a.id - b.id);
  }

  /** Deletes some parts that lie wholly before `position`. @returns whether there may be more. */
  forget(position: number): boolean {
    let count = 0;
    while (count < deleteAtOnce && (this.#parts[count]?.end ?? Number.POSITIVE_INFINITY) <= position) count++;
    const last = this.#parts[count - 1];
    if (!last) return false;
    this.#remove.run(last.id);
    this.#parts.splice(0, count);
    return true;
  }
}
