import { IncidentCause } from '@rackhaus/config/contract';
import type { SiteGraph } from '../../cabling/graph/site-graph.ts';
import type { Database } from '../../database/tables.ts';
import type { Channel, Taken } from './examine.ts';

/** Channels that are switched on, of people who may sign in, and of nobody. */
export function loadChannels(db: Database): Promise<Channel[]> {
  return db
    .selectFrom('channels')
    .leftJoin('users', 'users.id', 'channels.user_id')
    .select(['channels.id', 'channels.kind', 'channels.name', 'users.name as person'])
    .where('channels.enabled', '=', 1)
    .where((e) => e.or([e('channels.user_id', 'is', null), e('users.disabled', '=', 0)]))
    .orderBy('channels.user_id')
    .orderBy('channels.rank')
    .orderBy('channels.id')
    .execute();
}

/**
 * Where the server's house is left: devices with a provider's line, else routers, of its site. Empty: none is documented there,
 * and the network begins where the documentation says.
 */
export async function loadUplinks(db: Database, site: SiteGraph, server: number): Promise<Set<number>> {
  const place = await db
    .selectFrom('devices')
    .innerJoin('rooms', 'rooms.id', 'devices.room_id')
    .select('rooms.site_id')
    .where('devices.id', '=', server)
    .executeTakeFirst();
  if (place === undefined) return new Set();
  const here = await db
    .selectFrom('devices')
    .innerJoin('rooms', 'rooms.id', 'devices.room_id')
    .select(['devices.id', 'devices.role'])
    .where('rooms.site_id', '=', place.site_id)
    .execute();
  const lines = new Set(site.devices.flatMap(({ id, line }) => (line === true ? [id] : [])));
  const withLine = here.filter(({ id }) => lines.has(id));
  return new Set(
    (withLine.length > 0 ? withLine : here.filter(({ role }) => role === 'router')).map(({ id }) => id),
  );
}

/**
 * What open incidents have taken away: what they say is affected, what cannot be reached, what feeds, and cables. A disk that
 * fills up takes nothing away. Drills take nothing away either.
 */
export async function loadTaken(db: Database): Promise<Taken[]> {
  const incidents = await db
    .selectFrom('incidents')
    .select(['id', 'key', 'cause'])
    .where('state', '!=', 'resolved')
    .where('drill', '=', 0)
    .execute();
  if (incidents.length === 0) return [];
  const members = await db
    .selectFrom('incident_members')
    .innerJoin('incidents', 'incidents.id', 'incident_members.incident_id')
    .select(['incident_members.incident_id as incident', 'incident_members.device_id as device'])
    .where('incidents.state', '!=', 'resolved')
    .where('incident_members.role', '=', 'affected')
    .where('incident_members.ended_at', 'is', null)
    .where('incident_members.device_id', '!=', 0)
    .execute();
  const affected = Map.groupBy(members, ({ incident }) => incident);
  return incidents.flatMap(({ id, key, cause }) => {
    const { kind, deviceId, linkId } = IncidentCause.parse(JSON.parse(cause));
    const isOut =
      kind === 'power' || kind === 'mains' || (kind === 'device' && key.endsWith('/reachability'));
    const devices = (affected.get(id) ?? []).map(({ device }) => device);
    if (isOut && deviceId !== null) devices.push(deviceId);
    const cables = kind === 'link' && linkId !== null ? [linkId] : [];
    return devices.length + cables.length === 0 ? [] : [{ incidentId: id, devices, cables }];
  });
}

/** When each person who has a channel was last sent a test, and last showed that one had arrived. */
export async function loadTests(db: Database) {
  const rows = await db
    .selectFrom('users')
    .leftJoin('deliveries', (join) =>
      join.onRef('deliveries.user_id', '=', 'users.id').on('deliveries.kind', '=', 'test'),
    )
    .select((e) => [
      'users.id',
      'users.name',
      e.fn.max('deliveries.sent_at').as('sent'),
      e.fn.max('deliveries.receipt_at').as('receipt'),
    ])
    .where('users.disabled', '=', 0)
    .where((e) =>
      e.exists(e.selectFrom('channels').select('channels.id').whereRef('channels.user_id', '=', 'users.id')),
    )
    .groupBy(['users.id', 'users.name'])
    .orderBy('users.name')
    .execute();
  return rows.map(({ id, name, sent, receipt }) => ({
    userId: id,
    name,
    sentAt: sent === null ? null : Number(sent),
    receiptAt: receipt === null ? null : Number(receipt),
  }));
}
