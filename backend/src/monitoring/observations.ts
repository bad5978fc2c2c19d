import { setImmediate } from 'node:timers/promises';
import { Observation, ObservedEntity, ObservedPort } from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Database } from '../database/tables.ts';
import { chunked } from '../history/rows.ts';

/** How a text says that there are limits in it. */
const saysLimits = '%"limits":{%';
const atATime = 200;

/** What says limits in an observation, and which port they belong to. It is a small part of it, and the rest was held to its schema when it came in. */
const SaidOfLimits = z.object({
  entities: z.array(ObservedEntity.pick({ kind: true, entity: true, limits: true }).strip()),
  ports: z.array(ObservedPort.pick({ name: true, description: true }).strip()),
});
export type SaidOfLimits = z.infer<typeof SaidOfLimits>;

/** What devices say of themselves: the newest of each. */
export class Observations {
  readonly #db: Database;
  readonly #listeners = new Set<(deviceIds: readonly number[]) => void>();

  constructor(options: { db: Database }) {
    this.#db = options.db;
  }

  /** Calls `listener` with the devices that said something new. Returns how to stop that. */
  onChange(listener: (deviceIds: readonly number[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Keeps observations, the newest of each device; older ones are passed over. */
  async put(observations: readonly Observation[]): Promise<void> {
    const newer: number[] = [];
    await this.#db.transaction().execute(async (tx) => {
      for (const observation of observations) {
        const { deviceId: device_id, time, profile } = observation;
        const said = { device_id, time, observation: JSON.stringify(observation) };
        if (observation.checks !== undefined) {
          const result = await tx
            .insertInto('check_observations')
            .values(said)
            .onConflict((conflict) =>
              conflict.column('device_id').doUpdateSet(said).where('check_observations.time', '<', time),
            )
            .executeTakeFirst();
          if ((result.numInsertedOrUpdatedRows ?? 0n) > 0n) newer.push(device_id);
          continue;
        }
        const row = { ...said, profile };
        const result = await tx
          .insertInto('observations')
          .values(row)
          .onConflict((conflict) =>
            conflict.column('device_id').doUpdateSet(row).where('observations.time', '<', time),
          )
          .executeTakeFirst();
        if ((result.numInsertedOrUpdatedRows ?? 0n) > 0n) newer.push(device_id);
      }
    });
    if (newer.length > 0) for (const listener of this.#listeners) listener(newer);
  }

  /** What the device last said of itself. */
  async of(deviceId: number): Promise<Observation | null> {
    const row = await this.#db
      .selectFrom('observations')
      .select('observation')
      .where('device_id', '=', deviceId)
      .executeTakeFirst();
    const bySnmp = row ? Observation.parse(JSON.parse(row.observation)) : null;
    const byChecks = await this.byChecks(deviceId);
    if (byChecks === null) return bySnmp;
    return bySnmp === null ? byChecks : withChecks(bySnmp, byChecks);
  }

  /** What its checks have said of it; null: it has none. */
  async byChecks(deviceId: number): Promise<Observation | null> {
    const row = await this.#db
      .selectFrom('check_observations')
      .select('observation')
      .where('device_id', '=', deviceId)
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('checks')
            .select('checks.id')
            .where('checks.active', '=', 1)
            .whereRef('checks.device_id', '=', 'check_observations.device_id'),
        ),
      )
      .executeTakeFirst();
    return row ? Observation.parse(JSON.parse(row.observation)) : null;
  }

  /** What devices have said of limits of their own, by SNMP and by checks; some devices at a time, since observations are long. */
  async *withLimits(deviceIds?: readonly number[]): AsyncGenerator<Map<number, SaidOfLimits>> {
    for (const part of chunked(deviceIds ?? (await this.#idsWithLimits()), atATime)) {
      const some = new Map<number, SaidOfLimits>();
      for (const table of ['check_observations', 'observations'] as const) {
        const rows = await this.#db
          .selectFrom(table)
          .select(['device_id', 'observation'])
          .where('observation', 'like', saysLimits)
          .where('device_id', 'in', part)
          .execute();
        for (const row of rows) {
          const said = SaidOfLimits.parse(JSON.parse(row.observation));
          const checks = some.get(row.device_id);
          some.set(
            row.device_id,
            checks === undefined ? said : { ...said, entities: entitiesOf(said, checks) },
          );
        }
      }
      yield some;
      // Others have their turn: of ten thousand devices it takes a while.
      await setImmediate();
    }
  }

  async #idsWithLimits(): Promise<number[]> {
    const ids = new Set<number>();
    for (const table of ['check_observations', 'observations'] as const) {
      const rows = await this.#db
        .selectFrom(table)
        .select('device_id')
        .where('observation', 'like', saysLimits)
        .execute();
      for (const { device_id } of rows) ids.add(device_id);
    }
    return [...ids];
  }

  /** What these devices last said of themselves by SNMP, or all of them; by device. */
  async all(deviceIds?: readonly number[]): Promise<Map<number, Observation>> {
    const all = new Map<number, Observation>();
    for (const part of deviceIds === undefined ? [null] : chunked(deviceIds)) {
      let query = this.#db.selectFrom('observations').select(['device_id', 'observation']);
      if (part !== null) query = query.where('device_id', 'in', part);
      for (const row of await query.execute())
        all.set(row.device_id, Observation.parse(JSON.parse(row.observation)));
    }
    return all;
  }
}

/** What is known by SNMP counts; checks fill what it leaves open. */
function withChecks(bySnmp: Observation, byChecks: Observation): Observation {
  const { identity } = bySnmp;
  const also = byChecks.identity;
  return {
    ...bySnmp,
    identity: {
      os: identity.os ?? also.os,
      vendor: identity.vendor ?? also.vendor,
      model: identity.model ?? also.model,
      serial: identity.serial ?? also.serial,
      firmware: identity.firmware ?? also.firmware,
      name: identity.name ?? also.name,
      description: identity.description ?? also.description,
      location: identity.location ?? also.location,
    },
    entities: entitiesOf(bySnmp, byChecks),
    ...(byChecks.checks === undefined ? {} : { checks: byChecks.checks }),
  };
}

function entitiesOf<T extends Pick<ObservedEntity, 'kind' | 'entity'>>(
  bySnmp: { readonly entities: readonly T[] },
  byChecks: { readonly entities: readonly T[] },
): T[] {
  const known = new Set(bySnmp.entities.map(({ kind, entity }) => `${kind} ${entity}`));
  return [
    ...bySnmp.entities,
    ...byChecks.entities.filter(({ kind, entity }) => !known.has(`${kind} ${entity}`)),
  ];
}
