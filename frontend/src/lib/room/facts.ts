import type { DeviceRole, Headline } from '@rackhaus/config/contract';

/** What a room measures of itself; null where nothing does. */
export interface Climate {
  readonly temperature: number | null;
  readonly humidity: number | null;
  /** Watts. */
  readonly power: number | null;
}

interface Measured {
  readonly role: DeviceRole;
  readonly headline: Headline | undefined;
}

/**
 * Temperature and humidity are the means of the environment sensors. Power is counted once, as near to the mains as something measures
 * it: at the UPSs, else at the PDUs, else as the sum of what the devices say they draw.
 */
export function climate(devices: readonly Measured[]): Climate {
  const of = (role: DeviceRole, name: 'temperature' | 'humidity' | 'power') =>
    devices
      .filter((device) => device.role === role)
      .map((device) => device.headline?.[name])
      .filter((value) => value !== undefined);
  const sum = (values: readonly number[]) =>
    values.length === 0 ? null : values.reduce((total, value) => total + value, 0);
  const mean = (values: readonly number[]) => {
    const total = sum(values);
    return total === null ? null : total / values.length;
  };
  const all = devices.map((device) => device.headline?.power).filter((value) => value !== undefined);
  return {
    temperature: mean(of('sensor', 'temperature')),
    humidity: mean(of('sensor', 'humidity')),
    power: sum(of('ups', 'power')) ?? sum(of('pdu', 'power')) ?? sum(all),
  };
}
