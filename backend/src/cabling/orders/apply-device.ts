import type { PlannedChange } from '@rackhaus/config/contract';
import type { Change } from '../../history/change.ts';
import { previewSwap, swapType } from '../../inventory/api/swap.ts';
import type { Touched } from './apply.ts';
import { movedOn } from './conflicts.ts';
import { endsOf } from './ends.ts';

type DeviceChange = Extract<PlannedChange, { action: 'move-device' | 'swap-device' | 'remove-device' }>;

/**
 * Moves, swaps or takes away a device by the rules of the inventory.
 * @throws AppError conflict when it is not there any more, or its place or its ports do not allow it
 */
export async function applyDeviceStep(change: Change, planned: DeviceChange): Promise<Touched> {
  const { deviceId } = planned;
  if ((await change.find('device', deviceId)) === undefined)
    throw movedOn('The device is not in the documentation any more.', [
      { kind: 'device', id: deviceId, name: '' },
    ]);
  const ends = await endsOnDevice(change, deviceId);
  const touched = {
    linkIds: [...new Set(ends.map((end) => Number(end.link_id)))],
    portIds: ends.map((end) => Number(end.port_id)),
  };
  if (planned.action === 'swap-device') {
    await swap(change, planned);
    return touched;
  }
  if (planned.action === 'remove-device') {
    for (const linkId of touched.linkIds) await unplugFrom(change, linkId, new Set(touched.portIds));
    await change.update('device', deviceId, {
      status: 'removed',
      room_id: null,
      rack_id: null,
      position: null,
    });
    return { linkIds: [], portIds: touched.portIds };
  }
  const before = await change.get('device', deviceId);
  const { roomId, rackId, position, face, side } = planned.to;
  await change.update('device', deviceId, {
    room_id: roomId,
    rack_id: rackId,
    position,
    face,
    side,
    // What had been taken away and comes back is in use again.
    ...(before.status === 'removed' ? { status: 'active' } : {}),
  });
  const now = await change.get('device', deviceId);
  if (before.rack_id !== now.rack_id || before.room_id !== now.room_id)
    for (const linkId of touched.linkIds) await change.update('link', linkId, { to_check: 1 });
  return touched;
}

async function swap(
  change: Change,
  planned: Extract<DeviceChange, { action: 'swap-device' }>,
): Promise<void> {
  const { deviceId, typeId, serial } = planned;
  const { lost } = await previewSwap(change.tx, deviceId, typeId);
  const mapping = Object.fromEntries(
    lost.flatMap(({ name, suggested }) => (suggested === null ? [] : [[name, suggested]])),
  );
  await swapType(change, deviceId, { typeId, mapping, unplug: false });
  await change.update('device', deviceId, { serial });
}

/** What is still plugged in hangs open there; a cord that hangs open at both ends has gone with the device. */
async function unplugFrom(change: Change, linkId: number, portIds: ReadonlySet<number>): Promise<void> {
  const ends = await endsOf(change, linkId);
  const here = ends.filter((end) => portIds.has(Number(end.port_id)));
  await change.remove(
    'link-end',
    here.map((end) => end.id),
  );
  if (here.length === ends.length) await change.remove('link', [linkId]);
}

async function endsOnDevice(change: Change, deviceId: number) {
  const ports = await change.rows.idsBy('ports', 'device_id', [deviceId]);
  return change.rows.byIds('link_ends', ports, 'port_id');
}
