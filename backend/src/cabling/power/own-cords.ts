import { type Cord, PowerCords, type PoweredDevice, type PowerPort } from './cords.ts';

/**
 * The same for somebody who may know of these devices only: the cords between them, and of each cord that leaves them its own end. What
 * is at the other end is a device for each cord, without a name, so that nothing is told of it: neither what it is, nor whether two
 * cords end at one, nor what comes behind it.
 */
export function ownCords(cords: PowerCords, own: ReadonlySet<number>): PowerCords {
  const devices: PoweredDevice[] = [];
  const ports: PowerPort[] = [];
  const kept: Cord[] = [];
  let beyond = 0;
  /** Numbers below 0 are those of no device. */
  const hidden = (port: PowerPort): PowerPort => {
    const deviceId = --beyond;
    devices.push({ id: deviceId, name: '', role: '', beyond: true });
    return { id: deviceId, deviceId, kind: port.kind, name: '' };
  };
  for (const id of own) {
    const device = cords.devices.get(id);
    if (device === undefined) continue;
    devices.push(device);
    ports.push(...cords.inlets(id), ...cords.outlets(id));
    for (const cord of cords.outOf(id))
      kept.push(own.has(cord.inlet.deviceId) ? cord : { ...cord, inlet: hidden(cord.inlet) });
    for (const cord of cords.into(id))
      if (!own.has(cord.outlet.deviceId)) kept.push({ ...cord, outlet: hidden(cord.outlet) });
  }
  return new PowerCords({ devices, ports, cords: kept });
}
