import type { Database } from '../../database/tables.ts';
import type { Network } from './network.ts';
import type { LinkState } from './seen.ts';

/** Clocks of devices and ours differ by a little, and times are rounded to ten seconds: less is no other time. */
const sameMs = 15_000;

/** Since when ports have had a link, or none, over restarts. */
export class LinkStates {
  readonly #states = new Map<number, LinkState>();
  readonly #unsaved = new Set<number>();

  async load(db: Database): Promise<void> {
    for (const row of await db.selectFrom('seen_port_states').selectAll().execute())
      this.#states.set(row.port_id, { up: row.up === 1, since: row.since });
  }

  of(portId: number): LinkState | undefined {
    return this.#states.get(portId);
  }

  /** Takes in what a device says of its ports now. */
  take(portId: number, told: ReturnType<Network['ports']['of']>[number], now: number): void {
    const known = this.#states.get(portId);
    // What a device says of the future is worth nothing.
    const changedAt = told.changedAt === null || told.changedAt > now ? null : told.changedAt;
    const same = known !== undefined && known.up === told.up;
    if (same && (changedAt === null || changedAt <= known.since + sameMs)) return;
    this.#states.set(portId, { up: told.up, since: sinceOf(known, changedAt, now) });
    this.#unsaved.add(portId);
  }

  /** Writes what has changed. Ports that are gone are left out. */
  async save(tx: Database, exists: (portId: number) => boolean): Promise<void> {
    for (const portId of this.#unsaved) {
      const state = this.#states.get(portId);
      if (state === undefined || !exists(portId)) continue;
      const row = { port_id: portId, up: state.up ? 1 : 0, since: state.since };
      await tx
        .insertInto('seen_port_states')
        .values(row)
        .onConflict((conflict) => conflict.column('port_id').doUpdateSet(row))
        .execute();
    }
  }

  /** What was written is committed. */
  saved(): void {
    this.#unsaved.clear();
  }
}

/** A state that was another a moment ago cannot have begun before that. */
function sinceOf(known: LinkState | undefined, changedAt: number | null, now: number): number {
  if (changedAt === null) return now;
  return known === undefined ? changedAt : Math.max(changedAt, known.since);
}
