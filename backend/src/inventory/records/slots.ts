import { rackSlots } from '@rackhaus/config/contract';
import type { Change } from '../../history/change.ts';
import { chunked } from '../../history/rows.ts';
import type { Touched } from '../../history/spec.ts';
import { AppError } from '../../problem.ts';

interface Slot {
  readonly rack_id: number;
  readonly half_unit: number;
  readonly face: 'front' | 'rear';
  readonly half: 'left' | 'right';
  readonly device_id: number;
}

/** A device as far as its place in the rack goes. */
export interface Standing {
  readonly id: number;
  readonly rack_id: number | null;
  readonly position: number | null;
  readonly face: 'front' | 'rear';
  readonly side: 'full' | 'left' | 'right';
  readonly u_height: number;
  readonly full_depth: number;
  readonly form: 'full' | 'half' | 'vertical' | 'none';
}

/** The slots that a device takes of its rack, as rows. See `rackSlots` of the contract. */
export function slotsOf(device: Standing): Slot[] {
  const { id, rack_id, u_height, full_depth, ...place } = device;
  if (rack_id === null) return [];
  return rackSlots({ ...place, uHeight: u_height, fullDepth: full_depth === 1 }).map(
    ({ halfUnit, face, half }) => ({ rack_id, half_unit: halfUnit, face, half, device_id: id }),
  );
}

const relevant = ['rack_id', 'position', 'face', 'side', 'type_id'];

/**
 * Brings the slots of devices up to date at the end of a change, so that two may swap their places in one.
 * @throws AppError conflict that names both devices and the unit
 */
export async function settleDeviceSlots(change: Change, touched: readonly Touched[]): Promise<void> {
  const ids = touched
    .filter(
      ({ before, after }) =>
        before === null || after === null || relevant.some((column) => before[column] !== after[column]),
    )
    .map(({ before, after }) => (after ?? before)?.id ?? 0);
  await settleSlots(change, [...new Set(ids)]);
}

/** The same for devices by their ids; those that are gone free their slots. */
export async function settleSlots(change: Change, ids: readonly number[]): Promise<void> {
  for (const part of chunked(ids))
    await change.tx.deleteFrom('rack_slots').where('device_id', 'in', part).execute();
  const slots: Slot[] = [];
  for (const part of chunked(ids)) {
    const devices = await change.tx
      .selectFrom('devices')
      .innerJoin('device_types', 'device_types.id', 'devices.type_id')
      .select([
        'devices.id',
        'devices.rack_id',
        'devices.position',
        'devices.face',
        'devices.side',
        'device_types.u_height',
        'device_types.full_depth',
        'device_types.form',
      ])
      .where('devices.id', 'in', part)
      .where('devices.rack_id', 'is not', null)
      .execute();
    for (const device of devices) for (const slot of slotsOf(device)) slots.push(slot);
  }
  for (const part of chunked(slots)) {
    const made = await change.tx
      .insertInto('rack_slots')
      .values(part)
      .onConflict((conflict) => conflict.columns(['rack_id', 'half_unit', 'face', 'half']).doNothing())
      .returning(['rack_id', 'half_unit', 'face', 'half', 'device_id'])
      .execute();
    if (made.length < part.length) throw await occupied(change, part, made);
  }
}

const keyOf = (slot: Slot) => `${slot.rack_id}/${slot.half_unit}/${slot.face}/${slot.half}`;

/** Says which slot was taken, by whom. The transaction ends with it, so what was inserted does not matter. */
async function occupied(change: Change, wanted: readonly Slot[], made: readonly Slot[]): Promise<AppError> {
  const own = new Set(made.map((slot) => `${keyOf(slot)}/${slot.device_id}`));
  const refused = wanted.find((slot) => !own.has(`${keyOf(slot)}/${slot.device_id}`));
  if (refused === undefined) throw new Error('Slots were refused, and none is missing.');
  const holder = await change.tx
    .selectFrom('rack_slots')
    .innerJoin('devices', 'devices.id', 'rack_slots.device_id')
    .select(['devices.id', 'devices.name'])
    .where('rack_slots.rack_id', '=', refused.rack_id)
    .where('half_unit', '=', refused.half_unit)
    .where('rack_slots.face', '=', refused.face)
    .where('half', '=', refused.half)
    .executeTakeFirstOrThrow();
  const device = await change.get('device', refused.device_id);
  const where =
    refused.half_unit === 0
      ? `the ${refused.half} rail at the ${refused.face}`
      : `rack unit ${Math.floor(refused.half_unit / 2)}, ${refused.face}`;
  return new AppError(
    'conflict',
    `"${String(device.name)}" does not fit: ${where} is taken by "${holder.name}".`,
    [{ path: 'position', message: `is taken by "${holder.name}"` }],
    { reason: 'occupied', blocking: [{ kind: 'device', id: holder.id, name: holder.name }] },
  );
}
