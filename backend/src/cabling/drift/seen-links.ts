import type { Database } from '../../database/tables.ts';
import type { Seen } from './seen.ts';

const refreshMs = 3_600_000;
/** What nobody has seen for longer says nothing of today's cables. */
const keptMs = 400 * 86_400_000;

interface Times {
  first: number;
  last: number;
  readonly deviceId: number | null;
  readonly farPortId: number | null;
}

/** First and last seen of every connection that devices tell of. */
export class SeenLinks {
  #times = new Map<string, Times>();

  async load(db: Database, now: number): Promise<void> {
    await db
      .deleteFrom('seen_links')
      .where('last_seen', '<', now - keptMs)
      .execute();
    const rows = await db.selectFrom('seen_links').selectAll().execute();
    this.#times = new Map(
      rows.map((row) => [
        `${row.port_id}/${row.source}/${row.text}`,
        {
          first: row.first_seen,
          last: row.last_seen,
          deviceId: row.far_device_id,
          farPortId: row.far_port_id,
        },
      ]),
    );
  }

  /** When it was seen for the first time; null: not before. */
  firstSeen(portId: number, source: string, text: string): number | null {
    return this.#times.get(`${portId}/${source}/${text}`)?.first ?? null;
  }

  /** Writes what is new, and once an hour that it is still so. @returns how to take it over once that is committed. */
  async save(tx: Database, seen: Iterable<readonly Seen[]>): Promise<() => void> {
    const fresh: [string, Times][] = [];
    for (const each of seen)
      for (const { portId, source, deviceId, farPortId, text, time } of each) {
        const key = `${portId}/${source}/${text}`;
        const known = this.#times.get(key);
        const same = known !== undefined && known.deviceId === deviceId && known.farPortId === farPortId;
        if (same && time - known.last < refreshMs) continue;
        const times = { first: known?.first ?? time, last: time, deviceId, farPortId };
        const found = { far_device_id: deviceId, far_port_id: farPortId, last_seen: time };
        await tx
          .insertInto('seen_links')
          .values({ port_id: portId, source, text, first_seen: times.first, ...found })
          .onConflict((conflict) => conflict.columns(['port_id', 'source', 'text']).doUpdateSet(found))
          .execute();
        fresh.push([key, times]);
      }
    return () => {
      for (const [key, times] of fresh) this.#times.set(key, times);
    };
  }
}
