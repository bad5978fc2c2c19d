import type { DeviceRole, RecordValues } from '@rackhaus/config/contract';
import { DeviceTypeFile, facesOf } from '@rackhaus/config/device-types';
import { type Draft, notesOf } from './draft.ts';
import type { Places } from './places.ts';
import type { NetboxData } from './shapes.ts';
import { rearOf } from './types.ts';

/** Words in the name of a NetBox role that tell which of ours it is; the first that fits counts. */
const roles: readonly (readonly [RegExp, DeviceRole])[] = [
  [/patch|panel|verteiler/i, 'panel'],
  [/print|druck|kopier|\bmfp\b|plotter/i, 'printer'],
  [/access.?point|\bwlan\b|wi-?fi|\bap\b/i, 'access-point'],
  [/firewall|utm/i, 'firewall'],
  [/router|gateway/i, 'router'],
  [/switch|distribution|core|access/i, 'switch'],
  [/\bups\b|\busv\b/i, 'ups'],
  [/pdu|power|strom|steckdosenleiste/i, 'pdu'],
  [/storage|\bnas\b|\bsan\b|backup|tape|speicher/i, 'storage'],
  [/sensor|environment|umgebung/i, 'sensor'],
  [/cable.?manage|rangier/i, 'cable-manager'],
  [/shelf|boden|fachboden/i, 'shelf'],
  [/server|host|hypervisor|compute|blade/i, 'server'],
];
const states: Readonly<Record<string, RecordValues<'device'>['status']>> = {
  planned: 'planned',
  staged: 'staged',
  inventory: 'delivered',
  decommissioning: 'to-be-removed',
};

/** Devices with their ports. */
export function writeDevices(draft: Draft, data: NetboxData, places: Places): void {
  const definitions = typesById(draft, data);
  const names = new Set<string>();
  for (const device of data.devices) {
    const typeId = draft.idOf(`type/${device.device_type.id}`);
    const type = definitions.get(device.device_type.id);
    const name = freeName(device, data, names);
    if (typeId === undefined || type === undefined) {
      draft.remark('device', name, 'is left out, because its type is');
      continue;
    }
    draft.add('device', `device/${device.id}`, {
      name,
      typeId,
      role: roleOf(device),
      status: states[device.status ?? ''] ?? 'active',
      ...placeOf(draft, device, type, places, name),
      serial: device.serial?.slice(0, 100) ?? null,
      assetTag: device.asset_tag?.slice(0, 100) ?? null,
      notes: notesOf(device.description, device.comments),
    });
    if (name !== device.name)
      draft.remark(
        'device',
        name,
        `is called "${device.name ?? ''}" in NetBox; here each name is used once, and without ":"`,
      );
  }
  writePorts(draft, data);
}

function typesById(
  draft: Draft,
  data: NetboxData,
): Map<number, ReturnType<typeof facesOf> & { uHeight: number }> {
  const definitions = new Map(
    (draft.file().records['device-type'] ?? []).map(({ id, definition }) => [
      id,
      DeviceTypeFile.parse(definition),
    ]),
  );
  return new Map(
    data.types.flatMap((type) => {
      const definition = definitions.get(draft.idOf(`type/${type.id}`) ?? 0);
      return definition === undefined
        ? []
        : [[type.id, { ...facesOf(definition), uHeight: definition.u_height }]];
    }),
  );
}

function roleOf(device: NetboxData['devices'][number]): DeviceRole {
  const role = device.role ?? device.device_role;
  const words = `${role?.name ?? ''} ${role?.slug ?? ''}`;
  return roles.find(([pattern]) => pattern.test(words))?.[1] ?? 'other';
}

function freeName(device: NetboxData['devices'][number], data: NetboxData, taken: Set<string>): string {
  const type = data.types.find((each) => each.id === device.device_type.id);
  const site = data.sites.find((each) => each.id === device.site.id);
  const own = (device.name ?? `${type?.model ?? 'device'} ${device.id}`).replaceAll(':', '-').slice(0, 200);
  const candidates = [own, `${own} (${site?.name ?? device.site.id})`, `${own} (${device.id})`];
  const name = candidates.find((each) => !taken.has(each)) ?? `${own} (${device.id})`;
  taken.add(name);
  return name;
}

function placeOf(
  draft: Draft,
  device: NetboxData['devices'][number],
  type: { readonly form: string; readonly uHeight: number },
  places: Places,
  name: string,
) {
  const rack = device.rack === null ? undefined : draft.idOf(`rack/${device.rack.id}`);
  const room = places.roomOf(device.site.id, device.location?.id ?? null) ?? null;
  if (rack === undefined) return { roomId: room };
  const takesUnits = (type.form === 'full' || type.form === 'half') && type.uHeight > 0;
  if (takesUnits && device.position === null) {
    draft.remark('device', name, 'stands in a rack without a rack unit in NetBox; here it lies in the room');
    return { roomId: room };
  }
  return {
    roomId: room,
    rackId: rack,
    position: takesUnits ? device.position : null,
    face: device.face === 'rear' ? 'rear' : 'front',
  };
}

/** Kinds of interfaces that nothing is plugged into. */
const virtual = /^(virtual|bridge|lag|ieee802\.11|gsm|cdma|lte|4g|5g|other-wireless)/;

function writePorts(draft: Draft, data: NetboxData): void {
  const add = (
    source: string,
    port: {
      readonly device: { readonly id: number };
      readonly name: string;
      readonly label: string | null;
      readonly description: string | null;
    },
    values: Readonly<Record<string, unknown>>,
  ): number | undefined => {
    const deviceId = draft.idOf(`device/${port.device.id}`);
    if (deviceId === undefined) return undefined;
    return draft.add('port', source, {
      deviceId,
      name: port.name.slice(0, 100),
      label: port.label?.slice(0, 100) ?? null,
      description: port.description?.slice(0, 200) ?? null,
      ...values,
    });
  };
  for (const port of data.interfaces)
    if (!virtual.test(port.type ?? ''))
      add(`interface/${port.id}`, port, {
        kind: 'network',
        mac: port.mac_address,
        untaggedVlanId:
          port.untagged_vlan === null ? null : (draft.idOf(`vlan/${port.untagged_vlan.id}`) ?? null),
      });
  for (const port of data.consolePorts) add(`consoleport/${port.id}`, port, { kind: 'console' });
  for (const port of data.powerPorts) add(`powerport/${port.id}`, port, { kind: 'inlet' });
  for (const port of data.powerOutlets) add(`poweroutlet/${port.id}`, port, { kind: 'power-outlet' });
  const rears = new Map(data.rearPorts.map((port) => [port.id, port]));
  const jacks = new Map<number, (typeof data.frontPorts)[number]>();
  for (const port of data.frontPorts) {
    const rear = rears.get(rearOf(port)?.id ?? 0);
    if (rear !== undefined && rear.positions === 1 && rear.name === port.name) jacks.set(rear.id, port);
  }
  for (const port of data.rearPorts)
    if (!jacks.has(port.id)) add(`rearport/${port.id}`, port, { kind: 'rear', lanes: port.positions });
  for (const port of data.frontPorts) {
    const rear = rearOf(port);
    const isJack = rear !== undefined && jacks.get(rear.id)?.id === port.id;
    const rearPortId = rear === undefined ? undefined : draft.idOf(`rearport/${rear.id}`);
    if (isJack) {
      const id = add(`frontport/${port.id}`, port, { kind: 'front', twoSided: true });
      if (id !== undefined) draft.alias(`rearport/${rear.id}`, id);
    } else if (rear !== undefined && rearPortId !== undefined)
      add(`frontport/${port.id}`, port, { kind: 'front', rearPortId, rearLane: rear.lane });
    else if (draft.idOf(`device/${port.device.id}`) !== undefined)
      draft.remark('port', port.name, 'leads to several rear ports, or to none; it is left out');
  }
  for (const port of data.interfaces)
    for (const vlan of port.tagged_vlans ?? []) {
      const portId = draft.idOf(`interface/${port.id}`);
      const vlanId = draft.idOf(`vlan/${vlan.id}`);
      if (portId !== undefined && vlanId !== undefined)
        draft.add('port-vlan', `tag/${port.id}/${vlan.id}`, { portId, vlanId });
    }
}
