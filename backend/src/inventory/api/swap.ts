import type { Swap, SwapPreview } from '@rackhaus/config/contract';
import { DeviceTypeFile, portsOfType, type TypePort } from '@rackhaus/config/device-types';
import type { Database } from '../../database/tables.ts';
import type { Change } from '../../history/change.ts';
import { AppError } from '../../problem.ts';
import { namesOf } from './labels.ts';

interface OwnPort {
  readonly id: number;
  readonly name: string;
  readonly kind: string;
}

/**
 * What would become of a device's ports if it became one of another type.
 * @throws AppError not-found (the device), invalid (the type)
 */
export async function previewSwap(db: Database, deviceId: number, typeId: number): Promise<SwapPreview> {
  const device = await db
    .selectFrom('devices')
    .select('version')
    .where('id', '=', deviceId)
    .executeTakeFirst();
  if (device === undefined)
    throw new AppError('not-found', `There is no device ${deviceId}.`, undefined, { reason: 'gone' });
  const own = await portsOf(db, deviceId);
  const wanted = await portsOfTypeId(db, typeId);
  const wantedNames = new Set(wanted.map((port) => port.name));
  const ownNames = new Set(own.map((port) => port.name));
  const lost = own.filter((port) => !wantedNames.has(port.name));
  const added = wanted.filter((port) => !ownNames.has(port.name));
  const links = await linksAt(
    db,
    lost.map((port) => port.id),
  );
  const suggested = suggest({ own, wanted }, lost, added, links);
  return {
    version: device.version,
    kept: own.filter((port) => wantedNames.has(port.name)),
    lost: lost.map((port) => ({
      ...port,
      links: links.get(port.id) ?? [],
      suggested: suggested.get(port.name) ?? null,
    })),
    added: added.map(({ name, kind }) => ({ name, kind })),
  };
}

/**
 * Makes the device one of another type. Ports that are mapped or whose name stays keep their cables, addresses and history.
 * @throws AppError invalid, conflict (`loses-cables` names the ports; or it does not fit where it stands)
 */
export async function swapType(change: Change, deviceId: number, swap: Swap): Promise<void> {
  await change.get('device', deviceId);
  const own = await portsOf(change.tx, deviceId);
  const wanted = await portsOfTypeId(change.tx, swap.typeId);
  await rename(change, own, renames(own, wanted, swap.mapping));
  if (swap.unplug) await unplugLost(change, deviceId, wanted);
  await change.update(
    'device',
    deviceId,
    {
      type_id: swap.typeId,
      ...(swap.position === undefined ? {} : { position: swap.position }),
      ...(swap.side === undefined ? {} : { side: swap.side }),
    },
    swap.version,
  );
}

/**
 * A new port for each old one that has none: the one at the same place among those of its kind (port 23 for port 23, the first uplink for
 * the first uplink), else the next that is free. Ports in which something is plugged come first.
 */
function suggest(
  ports: { readonly own: readonly OwnPort[]; readonly wanted: readonly TypePort[] },
  lost: readonly OwnPort[],
  added: readonly TypePort[],
  links: ReadonlyMap<number, readonly unknown[]>,
): Map<string, string> {
  const free = new Set(added);
  const suggested = new Map<string, string>();
  const plugged = (port: OwnPort) => links.has(port.id);
  const ordered = [...lost.filter(plugged), ...lost.filter((each) => !plugged(each))];
  const give = (port: OwnPort, match: TypePort | undefined) => {
    if (match === undefined || !free.delete(match)) return;
    suggested.set(port.name, match.name);
  };
  for (const port of ordered) {
    const alike = ports.own.filter(({ kind }) => kind === port.kind);
    give(port, ports.wanted.filter(({ kind }) => kind === port.kind)[alike.indexOf(port)]);
  }
  for (const port of ordered)
    if (!suggested.has(port.name))
      give(
        port,
        [...free].find(({ kind }) => kind === port.kind),
      );
  return suggested;
}

/** Old name to new one, by port. @throws AppError invalid for a mapping that cannot be done */
function renames(
  own: readonly OwnPort[],
  wanted: readonly TypePort[],
  mapping: Readonly<Record<string, string>>,
): Map<OwnPort, string> {
  const wantedNames = new Set(wanted.map((port) => port.name));
  const result = new Map<OwnPort, string>();
  const taken = new Map<string, string>();
  for (const [from, to] of Object.entries(mapping)) {
    const port = own.find(({ name }) => name === from);
    if (port === undefined) throw unmappable(from, `the device has no port "${from}"`);
    if (!wantedNames.has(to)) throw unmappable(from, `the new type has no port "${to}"`);
    if (taken.has(to)) throw unmappable(from, `"${taken.get(to)}" becomes "${to}" already`);
    taken.set(to, from);
    if (from !== to) result.set(port, to);
  }
  for (const port of own)
    if (!(port.name in mapping) && taken.has(port.name))
      throw unmappable(
        taken.get(port.name) ?? '',
        `the device has a port "${port.name}" that keeps its name`,
      );
  return result;
}

function unmappable(from: string, message: string): AppError {
  return new AppError('invalid', `Port "${from}" cannot be mapped: ${message}.`, [
    { path: `mapping.${from}`, message },
  ]);
}

/** Names are unique on a device also for a moment: where two ports change places, one steps aside first. */
async function rename(change: Change, own: readonly OwnPort[], wanted: ReadonlyMap<OwnPort, string>) {
  const now = new Set(own.map((port) => port.name));
  const aside: OwnPort[] = [];
  for (const to of wanted.values()) {
    if (!now.has(to)) continue;
    const inTheWay = own.find(({ name }) => name === to);
    if (inTheWay === undefined || aside.includes(inTheWay)) continue;
    await change.update('port', inTheWay.id, { name: `~${inTheWay.id}` });
    aside.push(inTheWay);
    now.delete(to);
  }
  for (const [port, to] of wanted) await change.update('port', port.id, { name: to });
}

async function unplugLost(change: Change, deviceId: number, wanted: readonly TypePort[]): Promise<void> {
  const names = new Set(wanted.map((port) => port.name));
  const lost = (await portsOf(change.tx, deviceId)).filter((port) => !names.has(port.name));
  const links = await linksAt(
    change.tx,
    lost.map((port) => port.id),
  );
  const ids = [...links.values()].flat().map(({ linkId }) => linkId);
  await change.remove('link', [...new Set(ids)]);
}

function portsOf(db: Database, deviceId: number): Promise<OwnPort[]> {
  return db
    .selectFrom('ports')
    .select(['id', 'name', 'kind'])
    .where('device_id', '=', deviceId)
    .orderBy('rank')
    .orderBy('id')
    .execute();
}

async function portsOfTypeId(db: Database, typeId: number): Promise<TypePort[]> {
  const type = await db
    .selectFrom('device_types')
    .select('definition')
    .where('id', '=', typeId)
    .executeTakeFirst();
  if (type === undefined)
    throw new AppError('invalid', `typeId: there is no device type ${typeId}.`, [
      { path: 'typeId', message: `there is no device type ${typeId}` },
    ]);
  return portsOfType(DeviceTypeFile.parse(JSON.parse(type.definition)));
}

type PluggedIn = SwapPreview['lost'][number]['links'][number];

/** What is plugged into these ports, and where it goes to. */
async function linksAt(db: Database, portIds: readonly number[]): Promise<Map<number, PluggedIn[]>> {
  if (portIds.length === 0) return new Map();
  const ends = await db
    .selectFrom('link_ends as near')
    .innerJoin('links', 'links.id', 'near.link_id')
    .innerJoin('link_ends as far', (join) =>
      join.onRef('far.link_id', '=', 'near.link_id').onRef('far.side', '!=', 'near.side'),
    )
    .select(['near.port_id', 'links.id as linkId', 'links.label', 'far.port_id as farPortId'])
    .where('near.port_id', 'in', portIds)
    .orderBy('near.id')
    .execute();
  const names = await namesOf(db, new Map([['port', new Set(ends.map((end) => end.farPortId))]]));
  const links = new Map<number, PluggedIn[]>();
  for (const { port_id, linkId, label, farPortId } of ends) {
    const own = links.get(port_id) ?? [];
    own.push({ linkId, label, farEnd: names[`port/${farPortId}`] ?? '' });
    links.set(port_id, own);
  }
  return links;
}
