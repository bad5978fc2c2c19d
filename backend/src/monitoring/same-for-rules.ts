import type { MonitoredDevice } from '../inventory/monitored.ts';

/** Whether rules see no difference between what was documented of a device and what is. */
export function sameForRules(a: MonitoredDevice, b: MonitoredDevice): boolean {
  return (
    a.name === b.name &&
    a.role === b.role &&
    a.siteId === b.siteId &&
    a.roomId === b.roomId &&
    a.place === b.place &&
    a.ports.length === b.ports.length &&
    a.ports.every((port, at) => {
      const other = b.ports[at];
      return (
        other !== undefined &&
        port.name === other.name &&
        port.kind === other.kind &&
        port.infrastructure === other.infrastructure &&
        port.farDeviceId === other.farDeviceId &&
        port.documentedSpeed === other.documentedSpeed
      );
    })
  );
}
