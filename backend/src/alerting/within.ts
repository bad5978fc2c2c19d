import type { IncidentDetail } from '@rackhaus/config/contract';
import { idsWithin, type Reach } from '../access/scope.ts';
import type { Database } from '../database/tables.ts';

/** An incident as somebody sees it who is limited to sites: what it affects elsewhere is not named, nor what was changed near it. */
export async function detailWithin(
  db: Database,
  reach: Reach | null,
  detail: IncidentDetail,
): Promise<IncidentDetail> {
  if (reach === null) return detail;
  const { members, series, affected } = detail;
  const devices = await idsWithin(
    db,
    'device',
    [
      ...affected.devices.map(({ id }) => id),
      ...members.map(({ condition }) => condition.deviceId),
      ...series.map(({ deviceId }) => deviceId),
    ],
    reach,
  );
  const services = await idsWithin(
    db,
    'service',
    affected.services.map(({ id }) => id),
    reach,
  );
  const rooms = await idsWithin(
    db,
    'room',
    affected.rooms.map(({ id }) => id),
    reach,
  );
  return {
    ...detail,
    members: members.filter(({ condition }) => devices.has(condition.deviceId)),
    series: series.filter(({ deviceId }) => devices.has(deviceId)),
    affected: {
      ...affected,
      devices: affected.devices.filter(({ id }) => devices.has(id)),
      services: affected.services.filter(({ id }) => services.has(id)),
      rooms: affected.rooms.filter(({ id }) => rooms.has(id)),
    },
    changes: [],
  };
}
