import type { ProvenRooms } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';

const provenMs = 30 * 86_400_000;

/** How much of the cords of each room has been proven by the network in the last 30 days. A cord belongs to both of its rooms. */
export async function provenRooms(db: Database, now: number): Promise<ProvenRooms> {
  const rows = await db
    .selectFrom('links')
    .innerJoin('link_ends', 'link_ends.link_id', 'links.id')
    .innerJoin('ports', 'ports.id', 'link_ends.port_id')
    .leftJoin('devices', 'devices.id', 'ports.device_id')
    .leftJoin('outlets', 'outlets.id', 'ports.outlet_id')
    .innerJoin('rooms', (join) =>
      join.on((e) => e('rooms.id', '=', e.fn.coalesce('devices.room_id', 'outlets.room_id'))),
    )
    .innerJoin('floors', 'floors.id', 'rooms.floor_id')
    .innerJoin('buildings', 'buildings.id', 'floors.building_id')
    .innerJoin('sites', 'sites.id', 'buildings.site_id')
    .leftJoin('cable_proofs', 'cable_proofs.link_id', 'links.id')
    .select((e) => [
      'rooms.id',
      'rooms.name',
      'sites.name as site',
      'buildings.name as building',
      e.fn.count<number>('links.id').distinct().as('cords'),
      e.fn
        .count<number>('links.id')
        .distinct()
        .filterWhere('cable_proofs.verdict', '=', 'confirmed')
        .filterWhere('cable_proofs.confirmed_at', '>=', now - provenMs)
        .as('proven'),
      e.fn
        .count<number>('links.id')
        .distinct()
        .filterWhere('cable_proofs.verdict', '=', 'contradicted')
        .as('contradicted'),
      e.fn.count<number>('links.id').distinct().filterWhere('cable_proofs.verdict', '=', 'dark').as('dark'),
    ])
    .where('links.kind', '=', 'patch')
    .where('links.status', '=', 'installed')
    .groupBy(['rooms.id', 'rooms.name', 'sites.name', 'buildings.name'])
    .orderBy('sites.name')
    .orderBy('buildings.name')
    .orderBy('rooms.name')
    .execute();
  return {
    rooms: rows.map(({ id, name, site, building, cords, proven, contradicted, dark }) => ({
      id,
      name,
      place: `${site} · ${building}`,
      cords: Number(cords),
      proven: Number(proven),
      contradicted: Number(contradicted),
      dark: Number(dark),
    })),
  };
}
