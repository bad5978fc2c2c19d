import { type AcceptedFound, type AcceptedOne, type FoundDevice, newRecord } from '@rackhaus/config/contract';
import { mayActAs } from '../access/admit.ts';
import { writerOf } from '../access/permissions.ts';
import { mayBePolled, notPolled, type PolledNetwork, polledNetworks } from '../access/polled-networks.ts';
import type { Change } from '../history/change.ts';
import type { Caller } from '../http/route.ts';
import { refuseMissing } from '../inventory/api/references.ts';
import { toRow } from '../inventory/records/columns.ts';
import { AppError } from '../problem.ts';
import { typeOf } from './proposal.ts';
import type { Said } from './said.ts';

/** A found device, and what it said. */
export interface Acceptable {
  readonly device: FoundDevice;
  readonly said: Said | null;
  readonly snmpPort: number;
}

type Made = Pick<AcceptedFound, 'devices' | 'types'>;

/**
 * Makes devices of what was found, in one change: with name, role, type, serial number and how they are polled. The profile is found by
 * the agent, and the ports come from the type.
 * @throws AppError invalid, conflict: nothing is made then; the message names the device
 */
export async function acceptDevices(
  change: Change,
  caller: Caller,
  wanted: readonly (AcceptedOne & Acceptable)[],
): Promise<Made> {
  const made: { devices: Made['devices']; types: Made['types'] } = { devices: [], types: [] };
  const newTypes = new Map<string, number>();
  const networks = await polledNetworks(change.tx);
  for (const [index, one] of wanted.entries()) {
    const { device, said } = one;
    const path = (field: string) => `devices.${index}.${field}`;
    if (device.known !== null) {
      const message = `${device.address} is the device "${device.known.name}" already.`;
      throw new AppError('conflict', message, [{ path: path('id'), message }], { reason: 'known' });
    }
    const typeId = await typeFor(change, caller, one, { said, newTypes, types: made.types, path });
    const name = one.name ?? device.proposal.name;
    const values = {
      name,
      typeId,
      role: one.role ?? device.proposal.role,
      roomId: one.roomId ?? null,
      rackId: one.rackId ?? null,
      position: one.position ?? null,
      face: one.face ?? 'front',
      serial: device.identity?.serial?.trim().slice(0, 100) || null,
    };
    await refuseMissing(change.tx, 'device', [values], caller);
    await refuseNotPolled(change, networks, device.address, values.roomId, path('roomId'));
    const [deviceId = 0] = await change
      .insert('device', [toRow('device', newRecord('device').parse(values))])
      .catch((error: unknown) => {
        throw named(error, path, `${name} (${device.address})`);
      });
    const monitoring = {
      deviceId,
      address: device.address,
      credentialId: device.credential?.id ?? null,
      snmpPort: one.snmpPort,
    };
    await change.insert('monitoring', [toRow('monitoring', newRecord('monitoring').parse(monitoring))]);
    made.devices.push({ id: device.id, deviceId, name });
  }
  return made;
}

async function typeFor(
  change: Change,
  caller: Caller,
  one: AcceptedOne & Acceptable,
  parts: {
    readonly said: Said | null;
    readonly newTypes: Map<string, number>;
    readonly types: { id: number; name: string }[];
    readonly path: (field: string) => string;
  },
): Promise<number> {
  const { device } = one;
  const typeId = one.typeId === undefined ? (device.proposal.type?.id ?? null) : one.typeId;
  if (typeId !== null) return typeId;
  const definition = parts.said === null ? null : typeOf(parts.said, device.proposal.role);
  if (definition === null) {
    const message = `${device.address} does not say what it is: please choose a device type.`;
    throw new AppError('invalid', message, [{ path: parts.path('typeId'), message }], { reason: 'no-type' });
  }
  const before = parts.newTypes.get(definition.slug) ?? (await typeBySlug(change, definition.slug));
  if (before !== null) return before;
  if (!mayMakeTypes(caller))
    throw new AppError(
      'forbidden',
      `Only an administrator makes device types. Please choose one of those that there are for ${device.address}.`,
      [{ path: parts.path('typeId'), message: 'must be a device type that there is' }],
      { reason: 'no-type' },
    );
  const [id = 0] = await change.insert('device-type', [
    toRow('device-type', newRecord('device-type').parse({ definition })),
  ]);
  parts.newTypes.set(definition.slug, id);
  parts.types.push({ id, name: `${definition.manufacturer} ${definition.model}` });
  return id;
}

async function typeBySlug(change: Change, slug: string): Promise<number | null> {
  const row = await change.tx
    .selectFrom('device_types')
    .select('id')
    .where('slug', '=', slug)
    .executeTakeFirst();
  return row?.id ?? null;
}

/** Types are for all devices: who makes them otherwise makes them here. */
export function mayMakeTypes(caller: Caller): boolean {
  return caller.kind === 'person' && mayActAs(caller.role, writerOf('device-type'));
}

async function refuseNotPolled(
  change: Change,
  networks: readonly PolledNetwork[],
  address: string,
  roomId: number | null,
  path: string,
): Promise<void> {
  if (mayBePolled(networks, address, null)) return;
  const room =
    roomId === null
      ? undefined
      : await change.tx.selectFrom('rooms').select('site_id').where('id', '=', roomId).executeTakeFirst();
  if (!mayBePolled(networks, address, room?.site_id ?? null)) throw notPolled(address, path);
}

/** Says which of many it was. */
function named(error: unknown, path: (field: string) => string, what: string): unknown {
  if (!(error instanceof AppError)) return error;
  const fields = error.fields?.map((field) => ({ ...field, path: path(field.path) }));
  return new AppError(error.code, `${what}: ${error.message}`, fields, error.details);
}
