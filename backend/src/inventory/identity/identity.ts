import type {
  AcceptIdentity,
  DeviceIdentity,
  IdentityDifference,
  Observation,
} from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import type { Change } from '../../history/change.ts';
import { AppError } from '../../problem.ts';
import { swapType } from '../api/swap.ts';
import type { LatestObservation } from '../port-detail.ts';
import { toRow } from '../records/columns.ts';
import { type Documented, differencesOf } from './compare.ts';

/** What a device says of itself beside what is documented. @throws AppError not-found */
export async function deviceIdentity(
  db: Database,
  latestObservation: LatestObservation,
  deviceId: number,
): Promise<DeviceIdentity> {
  const { version, documented } = await readDevice(db, deviceId);
  const observation = await latestObservation(deviceId);
  const { vendor = null, model = null, serial = null, firmware = null } = observation?.identity ?? {};
  return {
    version,
    observedAt: observation?.time ?? null,
    vendor,
    model,
    serial,
    firmware,
    differences: observation === null ? [] : differencesOf(documented, observation, await allTypes(db)),
  };
}

/**
 * Takes over what the device says, for the chosen differences.
 * @throws AppError not-found, conflict (a difference is not there any more; a port would lose its cable)
 */
export async function acceptIdentity(
  change: Change,
  deviceId: number,
  observation: Observation | null,
  accepted: AcceptIdentity,
): Promise<void> {
  const { documented } = await readDevice(change.tx, deviceId);
  const differences = new Map(
    (observation === null ? [] : differencesOf(documented, observation, await allTypes(change.tx))).map(
      (each) => [each.key, each],
    ),
  );
  const chosen = accepted.accept.map((key) => {
    const difference = differences.get(key);
    if (difference === undefined)
      throw new AppError(
        'conflict',
        `The difference "${key}" is not there any more. Please look again.`,
        undefined,
        {
          reason: 'no-difference',
        },
      );
    if (!difference.acceptable) throw unacceptable(difference);
    return difference;
  });
  const serial = chosen.find(({ field }) => field === 'serial');
  // The check of the version comes with the first write to the device.
  await change.update(
    'device',
    deviceId,
    serial === undefined ? {} : { serial: serial.observed },
    accepted.version,
  );
  // A port that gets its right name first keeps its cables when the type changes.
  const isName = ({ field }: IdentityDifference) => field === 'port-name';
  for (const difference of chosen.filter(isName)) await acceptPort(change, deviceId, difference, 0);
  const type = chosen.find(({ field }) => field === 'type');
  if (type?.typeId) await swapType(change, deviceId, { typeId: type.typeId, mapping: {}, unplug: false });
  let rank = documented.ports.length;
  for (const difference of chosen)
    if (!isName(difference)) await acceptPort(change, deviceId, difference, rank++);
}

async function acceptPort(change: Change, deviceId: number, difference: IdentityDifference, rank: number) {
  const { field, portId, observed } = difference;
  if (field === 'port-added') {
    // The new type may have brought it already.
    const known = await change.tx
      .selectFrom('ports')
      .select('id')
      .where('device_id', '=', deviceId)
      .where('name', '=', observed ?? '')
      .executeTakeFirst();
    if (known !== undefined) return;
    const values = {
      deviceId,
      outletId: null,
      kind: 'network',
      name: observed,
      label: null,
      description: null,
      mac: null,
      untaggedVlanId: null,
      rank,
      twoSided: false,
      lanes: 1,
      rearPortId: null,
      rearLane: null,
    };
    await change.insert('port', [toRow('port', values)]);
    return;
  }
  // A swap of the type may have taken the port away, and then there is nothing left to do to it.
  if (portId === null || (await change.find('port', portId)) === undefined) return;
  if (field === 'port-name') await change.update('port', portId, { name: observed });
  if (field === 'port-mac') await change.update('port', portId, { mac: observed });
  if (field === 'port-missing') await change.remove('port', [portId]);
}

function unacceptable({ field, key, documented, portId }: IdentityDifference): AppError {
  if (field === 'port-missing' && portId !== null)
    return new AppError(
      'conflict',
      `A cable is plugged into port "${documented}". Please unplug it first.`,
      undefined,
      {
        reason: 'loses-cables',
        blocking: [{ kind: 'port', id: portId, name: documented ?? '' }],
      },
    );
  return new AppError(
    'conflict',
    `"${key}" cannot be accepted: no device type fits what the device says.`,
    undefined,
    {
      reason: 'no-type',
    },
  );
}

async function readDevice(
  db: Database,
  deviceId: number,
): Promise<{ readonly version: number; readonly documented: Documented }> {
  const device = await db
    .selectFrom('devices')
    .innerJoin('device_types as type', 'type.id', 'devices.type_id')
    .select([
      'devices.version',
      'devices.serial',
      'type.id as type_id',
      'type.manufacturer',
      'type.model',
      'type.part_number',
    ])
    .where('devices.id', '=', deviceId)
    .executeTakeFirst();
  if (device === undefined)
    throw new AppError('not-found', `There is no device ${deviceId}.`, undefined, { reason: 'gone' });
  const ports = await db
    .selectFrom('ports')
    .leftJoin('link_ends', 'link_ends.port_id', 'ports.id')
    .select(['ports.id', 'ports.name', 'ports.kind', 'ports.mac', 'link_ends.id as end_id'])
    .where('device_id', '=', deviceId)
    .orderBy('rank')
    .execute();
  const { version, serial, type_id: id, manufacturer, model, part_number } = device;
  // A jack has two sides and so may come twice.
  const once = new Map(ports.map(({ end_id, ...port }) => [port.id, { ...port, plugged: end_id !== null }]));
  return {
    version,
    documented: { serial, type: { id, manufacturer, model, part_number }, ports: [...once.values()] },
  };
}

function allTypes(db: Database) {
  return db.selectFrom('device_types').select(['id', 'manufacturer', 'model', 'part_number']).execute();
}
