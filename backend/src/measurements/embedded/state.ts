import { type DatabaseSync, numberOf, type StatementSync } from './database.ts';

const names = ['closed', 'rolled', 'clock'] as const;
type Name = (typeof names)[number];

/** What the store remembers of its own work. What is set within a transaction must be confirmed, or taken back with it. */
export class State {
  readonly #set: StatementSync;
  readonly #values = new Map<Name, number>();
  #before = new Map<Name, number>();

  constructor(database: DatabaseSync) {
    this.#set = database.prepare('INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)');
    for (const row of database.prepare('SELECT name, value FROM state').all()) {
      const name = names.find((known) => known === row.name);
      if (name) this.#values.set(name, numberOf(row, 'value'));
    }
    this.#before = new Map(this.#values);
  }

  /** Raw packs with smaller rowids are as they stay, but for late readings. */
  get closed(): number {
    return this.#values.get('closed') ?? 0;
  }

  /** A day and an entity, as one rowid: those with smaller ones are rolled up. */
  get rolled(): number {
    return this.#values.get('rolled') ?? 0;
  }

  /** The time that was trusted last; undefined: none yet. */
  get clock(): number | undefined {
    return this.#values.get('clock');
  }

  set(name: Name, value: number): void {
    this.#set.run(name, value);
    this.#values.set(name, value);
  }

  confirm(): void {
    for (const [name, value] of this.#values) this.#before.set(name, value);
  }

  takeBack(): void {
    this.#values.clear();
    for (const [name, value] of this.#before) this.#values.set(name, value);
  }
}
