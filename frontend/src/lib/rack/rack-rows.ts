import type { DeviceTypeView, PlacedDevice, RackView } from '@rackhaus/config/contract';
import { freeUnits, type TypesById } from './geometry.ts';

export type RackRow =
  | {
      readonly kind: 'device';
      readonly key: string;
      readonly device: PlacedDevice;
      readonly type: DeviceTypeView | undefined;
    }
  | { readonly kind: 'free'; readonly key: string; readonly units: string };

/** What a rack holds, from the top down with the free units in their place; what takes no unit comes last. */
export function rackRows(rack: RackView, types: TypesById): RackRow[] {
  const placed = rack.devices.map((device) => {
    const type = types.get(device.typeId);
    const top = device.position === null ? 0 : device.position + (type?.uHeight ?? 1) - 1;
    return { top, row: { kind: 'device' as const, key: `device-${device.id}`, device, type } };
  });
  const free = freeUnits(rack, types).map((run) => ({
    top: run.to,
    row: {
      kind: 'free' as const,
      key: `free-${run.from}`,
      units: run.to > run.from ? `${run.from}–${run.to}` : `${run.from}`,
    },
  }));
  return [...placed, ...free].sort((a, b) => b.top - a.top).map(({ row }) => row);
}
