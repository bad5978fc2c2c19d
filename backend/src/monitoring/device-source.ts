import type { MonitoredDevices } from '../inventory/monitored.ts';

/** Where monitoring learns which devices there are, and that they have changed. */
export type DeviceSource = Pick<MonitoredDevices, 'list' | 'onChange'>;
