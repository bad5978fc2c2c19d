import type { TownDevice } from './topology.ts';

/** A locally administered MAC address that belongs to the device; number 0 is the chassis. */
export function macAddress(device: TownDevice, number: number): Uint8Array {
  const { seed } = device;
  return Uint8Array.of(
    0x02,
    (seed >>> 24) & 0xff,
    (seed >>> 16) & 0xff,
    (seed >>> 8) & 0xff,
    ((seed & 0xff) + (number >> 8)) & 0xff,
    number & 0xff,
  );
}
