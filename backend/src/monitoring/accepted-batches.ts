import type { Database } from '../database/tables.ts';

export interface BatchKey {
  readonly agentId: number;
  readonly outbox: string;
  readonly sequence: number;
}

interface Range {
  first: number;
  last: number;
}

const rangesPerInsert = 1000;

/** An outbox that has not been heard of for this long has been thrown away. */
const forgottenAfterMs = 90 * 86_400_000;

/**
 * Which batches have been stored. Kept in memory and written to the database now and then: a repeat that is not recognised
 * after a crash is stored once more, which changes nothing, because stores take repeats.
 */
export class AcceptedBatches {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #ranges = new Map<string, { agentId: number; outbox: string; ranges: Range[] }>();
  readonly #unsaved = new Set<string>();

  constructor(options: { db: Database; now: () => number }) {
    this.#db = options.db;
    this.#now = options.now;
  }

  async load(): Promise<void> {
    await this.#db
      .deleteFrom('accepted_batches')
      .where('updated_at', '<', this.#now() - forgottenAfterMs)
      .execute();
    const rows = await this.#db.selectFrom('accepted_batches').selectAll().orderBy('first').execute();
    for (const row of rows)
      this.#of(row.agent_id, row.outbox).ranges.push({ first: row.first, last: row.last });
  }

  has({ agentId, outbox, sequence }: BatchKey): boolean {
    const known = this.#ranges.get(keyOf(agentId, outbox));
    return known?.ranges.some(({ first, last }) => sequence >= first && sequence <= last) ?? false;
  }

  add(batch: BatchKey): void {
    if (this.has(batch)) return;
    const { ranges } = this.#of(batch.agentId, batch.outbox);
    const { sequence } = batch;
    let at = ranges.length;
    while (at > 0 && (ranges[at - 1]?.first ?? 0) > sequence) at--;
    const before = ranges[at - 1];
    const after = ranges[at];
    const joinsBefore = before?.last === sequence - 1;
    const joinsAfter = after?.first === sequence + 1;
    if (before && after && joinsBefore && joinsAfter) {
      before.last = after.last;
      ranges.splice(at, 1);
    } else if (before && joinsBefore) before.last = sequence;
    else if (after && joinsAfter) after.first = sequence;
    else ranges.splice(at, 0, { first: sequence, last: sequence });
    this.#unsaved.add(keyOf(batch.agentId, batch.outbox));
  }

  /** Writes what is new to the database. */
  async save(): Promise<void> {
    if (this.#unsaved.size === 0) return;
    const keys = [...this.#unsaved];
    this.#unsaved.clear();
    const now = this.#now();
    try {
      await this.#db.transaction().execute(async (tx) => {
        // An agent may have been revoked meanwhile; its batches went with it.
        const agents = new Set((await tx.selectFrom('agents').select('id').execute()).map(({ id }) => id));
        for (const key of keys) {
          const known = this.#ranges.get(key);
          if (!known) continue;
          await tx
            .deleteFrom('accepted_batches')
            .where('agent_id', '=', known.agentId)
            .where('outbox', '=', known.outbox)
            .execute();
          if (!agents.has(known.agentId)) {
            this.#ranges.delete(key);
            continue;
          }
          const { agentId: agent_id, outbox } = known;
          // A statement takes a limited number of parameters; a long replay with many holes has many ranges.
          for (let from = 0; from < known.ranges.length; from += rangesPerInsert) {
            const part = known.ranges.slice(from, from + rangesPerInsert);
            await tx
              .insertInto('accepted_batches')
              .values(part.map(({ first, last }) => ({ agent_id, outbox, first, last, updated_at: now })))
              .execute();
          }
        }
      });
    } catch (error) {
      for (const key of keys) this.#unsaved.add(key);
      throw error;
    }
  }

  #of(agentId: number, outbox: string): { ranges: Range[] } {
    const key = keyOf(agentId, outbox);
    let known = this.#ranges.get(key);
    if (!known) {
      known = { agentId, outbox, ranges: [] };
      this.#ranges.set(key, known);
    }
    return known;
  }
}

function keyOf(agentId: number, outbox: string): string {
  return `${agentId}/${outbox}`;
}
