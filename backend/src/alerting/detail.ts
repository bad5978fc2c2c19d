import {
  BilingualText,
  type IncidentCause,
  type IncidentDetail,
  type IncidentEvent,
  incidentEventKinds,
} from '@rackhaus/config/contract';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Sites, TakenOut } from '../cabling/graph/sites.ts';
import type { Database } from '../database/tables.ts';
import { chunked } from '../history/rows.ts';
import { AppError } from '../problem.ts';
import { changesNear } from './changes-near.ts';
import { summaries } from './list.ts';
import { seriesOf } from './series.ts';
import { incidentOf, memberOf } from './store.ts';
import { nextOf, toldOf } from './told.ts';
import type { DevicePlace } from './world.ts';

const mostMembers = 500;
const mostEvents = 1000;
const mostDevices = 2000;

const EventKind = z.enum(incidentEventKinds);
const EventDetail = z.object({
  title: BilingualText.optional(),
  device: z.object({ id: z.int(), name: z.string() }).optional(),
  outlet: z.object({ name: z.string(), command: z.enum(['off', 'cycle']), certain: z.boolean() }).optional(),
});

type Affected = IncidentDetail['affected'];

/** Everything that an incident's page shows. */
export class IncidentDetails {
  readonly #db: Database;
  readonly #impact: Sites['impact'];
  readonly #placeOf: (deviceId: number) => DevicePlace | undefined;
  readonly #metricOf: (ruleId: string) => string | undefined;

  constructor(options: {
    db: Database;
    impact: Sites['impact'];
    placeOf: (deviceId: number) => DevicePlace | undefined;
    /** The metric that a rule looks at. */
    metricOf: (ruleId: string) => string | undefined;
  }) {
    this.#db = options.db;
    this.#impact = options.impact;
    this.#placeOf = options.placeOf;
    this.#metricOf = options.metricOf;
  }

  /** @throws AppError not-found */
  async of(id: number): Promise<IncidentDetail> {
    const db = this.#db;
    const row = await db.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst();
    const [summary] = row === undefined ? [] : await summaries(db, [row]);
    if (row === undefined || summary === undefined)
      throw new AppError('not-found', `There is no incident ${id}.`);
    const { cause, advice, since } = incidentOf(row);
    const members = (
      await db
        .selectFrom('incident_members')
        .selectAll()
        .where('incident_id', '=', id)
        .orderBy(sql`case role when 'cause' then 0 when 'symptom' then 1 else 2 end`)
        .orderBy(sql`ended_at is not null`)
        .orderBy('id')
        .limit(mostMembers)
        .execute()
    ).map(memberOf);
    return {
      incident: summary,
      advice,
      members,
      events: await this.#events(id),
      affected: await this.#affected(cause, await this.#seen(id, summary.state === 'resolved')),
      changes: await changesNear(db, { cause, since, members }),
      series: seriesOf(cause, members, this.#metricOf),
      told: await toldOf(db, id),
      next: await nextOf(db, id),
    };
  }

  /** The story from the beginning; of a very long one, the newest part. */
  async #events(id: number): Promise<IncidentEvent[]> {
    const rows = await this.#db
      .selectFrom('incident_events')
      .selectAll()
      .where('incident_id', '=', id)
      .orderBy('id', 'desc')
      .limit(mostEvents)
      .execute();
    return rows.reverse().map(({ id, time, kind, by, text, detail }) => {
      const { title = null, device, outlet } = EventDetail.parse(JSON.parse(detail));
      return {
        ...{ id, time, kind: EventKind.parse(kind), by, text, title },
        ...(device === undefined ? {} : { device }),
        ...(outlet === undefined ? {} : { outlet }),
      };
    });
  }

  /** Devices that were seen to be affected; when it is over, all that were. */
  async #seen(id: number, isOver: boolean): Promise<Set<number>> {
    const rows = await this.#db
      .selectFrom('incident_members')
      .select('device_id')
      .distinct()
      .where('incident_id', '=', id)
      .where('role', '=', 'affected')
      .$if(!isOver, (query) => query.where('ended_at', 'is', null))
      .execute();
    return new Set(rows.map((row) => row.device_id));
  }

  /** By the documentation, and what was seen besides. */
  async #affected(cause: IncidentCause, seen: ReadonlySet<number>): Promise<Affected> {
    const out = takenOut(cause);
    const documented = out === null ? { devices: [], services: [] } : await this.#impact(out);
    const loses =
      cause.kind === 'power' || cause.kind === 'mains' ? ('power' as const) : ('network' as const);
    const known = new Set(documented.devices.map(({ id }) => id));
    const others = [...seen]
      .filter((id) => !known.has(id))
      .map((id) => {
        const place = this.#placeOf(id);
        return { id, name: place?.name ?? String(id), place: place?.place ?? '', loses, seen: true };
      });
    const devices = [...documented.devices.map((each) => ({ ...each, seen: seen.has(each.id) })), ...others]
      .toSorted((a, b) => Number(b.seen) - Number(a.seen))
      .slice(0, mostDevices);
    const down = devices.filter((each) => each.loses !== 'redundancy');
    const rooms = new Map<number, string>();
    for (const { id } of down) {
      const place = this.#placeOf(id);
      if (place?.roomId != null) rooms.set(place.roomId, place.roomName ?? '');
    }
    return {
      devices,
      services: documented.services,
      rooms: [...rooms].map(([id, name]) => ({ id, name })),
      ports: await this.#portsOf(down.map(({ id }) => id)),
    };
  }

  /** Network ports of these devices in which a cable is. */
  async #portsOf(deviceIds: readonly number[]): Promise<number> {
    let ports = 0;
    for (const part of chunked(deviceIds)) {
      const { count } = await this.#db
        .selectFrom('ports')
        .innerJoin('link_ends', 'link_ends.port_id', 'ports.id')
        .select((e) => e.fn.count<number>('ports.id').distinct().as('count'))
        .where('ports.device_id', 'in', part)
        .where('ports.kind', '=', 'network')
        .executeTakeFirstOrThrow();
      ports += count;
    }
    return ports;
  }
}

function takenOut({ deviceId, linkId }: IncidentCause): TakenOut | null {
  if (linkId !== null) return { linkIds: [linkId] };
  if (deviceId !== null) return { deviceIds: [deviceId] };
  return null;
}
