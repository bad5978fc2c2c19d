import type { DeviceRole, Headline } from '@rackhaus/config/contract';

interface Measured {
  readonly name: string;
  readonly role: DeviceRole;
  readonly headline: Headline | undefined;
}

/**
 * Watts that a rack draws: what its PDUs deliver where they measure it, else the sum of what its consumers say. A UPS in the rack feeds
 * others too and is not counted. null where nothing measures.
 */
export function rackPower(devices: readonly Measured[]): number | null {
  const total = (wanted: (role: DeviceRole) => boolean) => {
    const values = devices
      .filter((device) => wanted(device.role))
      .map((device) => device.headline?.power)
      .filter((value) => value !== undefined);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
  };
  return total((role) => role === 'pdu') ?? total((role) => role !== 'pdu' && role !== 'ups');
}

/** The device with the highest temperature; null where none measures it. */
export function hottest(devices: readonly Measured[]): { name: string; temperature: number } | null {
  let found: { name: string; temperature: number } | null = null;
  for (const { name, headline } of devices) {
    const temperature = headline?.temperature;
    if (temperature !== undefined && temperature > (found?.temperature ?? Number.NEGATIVE_INFINITY))
      found = { name, temperature };
  }
  return found;
}
