import type { DeviceServices, ServiceList } from '@rackhaus/config/contract';
import { sql } from 'kysely';
import { idsInReach, inReach, type Reach } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import { AppError } from '../../problem.ts';
import { placeText } from '../placement.ts';
import { dependentsOf } from './needs.ts';

const weight = { high: 0, normal: 1, low: 2 } as const;

/** All services with what they run on and what they need, the most important first. `reach`: those that run on devices of these sites. */
export async function serviceList(db: Database, reach: Reach | null = null): Promise<ServiceList> {
  return db.transaction().execute(async (tx) => {
    const services = await tx
      .selectFrom('services')
      .selectAll()
      .$if(reach !== null, (query) => (reach === null ? query : query.where(inReach('service', reach))))
      .orderBy('name')
      .execute();
    const names = new Map(services.map((service) => [service.id, service.name]));
    const devices = Map.groupBy(await devicesOfServices(tx, reach), (row) => row.service_id);
    const needs = await tx.selectFrom('service_needs').selectAll().orderBy('id').execute();
    const needsOf = Map.groupBy(needs, (row) => row.service_id);
    const neededBy = Map.groupBy(needs, (row) => row.needs_id);
    const joined = (recordId: number, id: number) => {
      const name = names.get(id);
      // One that runs in other sites only.
      return name === undefined ? [] : [{ recordId, id, name }];
    };
    return {
      services: services
        .map((service) => ({
          id: service.id,
          version: service.version,
          name: service.name,
          personInCharge: service.person_in_charge,
          hours: service.hours,
          importance: service.importance,
          address: service.address,
          notes: service.notes,
          devices: (devices.get(service.id) ?? []).map((row) => ({
            recordId: row.record_id,
            id: row.id,
            name: row.name,
            place: placeText({
              room: row.room,
              rack: row.rack,
              position: row.position,
              uHeight: row.u_height,
            }),
            monitored: row.address !== null,
          })),
          needs: (needsOf.get(service.id) ?? []).flatMap((row) => joined(row.id, row.needs_id)),
          neededBy: (neededBy.get(service.id) ?? []).flatMap((row) => joined(row.id, row.service_id)),
        }))
        .sort((a, b) => weight[a.importance] - weight[b.importance] || a.name.localeCompare(b.name, 'de')),
    };
  });
}

/**
 * The services that suffer when a device fails: those that run on it, then those that need them.
 * @throws AppError not-found
 */
export async function servicesOfDevice(
  db: Database,
  deviceId: number,
  reach: Reach | null = null,
): Promise<DeviceServices> {
  return db.transaction().execute(async (tx) => {
    const device = await tx.selectFrom('devices').select('id').where('id', '=', deviceId).executeTakeFirst();
    if (device === undefined) throw new AppError('not-found', `There is no device ${deviceId}.`);
    const own = await tx
      .selectFrom('service_devices')
      .select('service_id')
      .where('device_id', '=', deviceId)
      .execute();
    if (own.length === 0) return { services: [] };
    const needs = await tx.selectFrom('service_needs').select(['service_id', 'needs_id']).execute();
    const found = dependentsOf(
      needs.map((row) => ({ from: row.service_id, to: row.needs_id })),
      own.map((row) => row.service_id),
    );
    const services = new Map(
      (
        await tx
          .selectFrom('services')
          .selectAll()
          .$if(reach !== null, (query) => (reach === null ? query : query.where(inReach('service', reach))))
          .execute()
      ).map((service) => [service.id, service]),
    );
    return {
      services: found
        .flatMap(({ id, through }) => {
          const service = services.get(id);
          if (service === undefined) return [];
          return {
            id,
            name: service.name,
            importance: service.importance,
            personInCharge: service.person_in_charge,
            direct: through.length === 0,
            through: through.flatMap((each) => {
              const name = services.get(each)?.name;
              return name === undefined ? [] : [{ id: each, name }];
            }),
          };
        })
        .sort(
          (a, b) =>
            Number(b.direct) - Number(a.direct) ||
            weight[a.importance] - weight[b.importance] ||
            a.name.localeCompare(b.name, 'de'),
        ),
    };
  });
}

function devicesOfServices(db: Database, reach: Reach | null) {
  return db
    .selectFrom('service_devices as s')
    .innerJoin('devices as d', 'd.id', 's.device_id')
    .innerJoin('device_types as t', 't.id', 'd.type_id')
    .leftJoin('rooms', 'rooms.id', 'd.room_id')
    .leftJoin('racks', 'racks.id', 'd.rack_id')
    .leftJoin('device_monitoring as m', 'm.device_id', 'd.id')
    .select([
      's.id as record_id',
      's.service_id',
      'd.id',
      'd.name',
      'd.position',
      't.u_height',
      'rooms.name as room',
      'racks.name as rack',
      'm.address',
    ])
    .$if(reach !== null, (query) =>
      reach === null ? query : query.where(sql<boolean>`d.id in ${idsInReach('device', reach)}`),
    )
    .orderBy('d.name')
    .execute();
}
