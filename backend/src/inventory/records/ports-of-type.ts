import { DeviceTypeFile, portsOfType, type TypePort } from '@rackhaus/config/device-types';
import type { Change } from '../../history/change.ts';
import type { Row, Scope, StoredRow } from '../../history/spec.ts';
import { AppError } from '../../problem.ts';
import { searchKey } from '../search-key.ts';

/** Ports that devices of these types have, by type id. */
export async function typePorts(change: Change, typeIds: Iterable<number>): Promise<Map<number, TypePort[]>> {
  const types = await change.rows.byIds('device_types', [...new Set(typeIds)]);
  return new Map(
    types.map((type) => [type.id, portsOfType(DeviceTypeFile.parse(JSON.parse(String(type.definition))))]),
  );
}

interface Owner {
  readonly deviceId: number | null;
  readonly outletId: number | null;
  readonly ports: readonly TypePort[];
}

/** Makes all ports of new devices and outlets: rear ports first, because front ports name them. */
export async function makePorts(change: Change, owners: readonly Owner[]): Promise<void> {
  const behind = owners.flatMap((owner) =>
    owner.ports.flatMap((port, rank) => (port.inner === null ? [{ owner, port, rank }] : [])),
  );
  const ids = await change.insert(
    'port',
    behind.map(({ owner, port, rank }) => portRow(owner, port, rank, null)),
  );
  const rearIds = new Map(
    behind.map(({ owner, port }, index) => [rearKey(owner, port.name), ids[index] ?? 0]),
  );
  const inFront = owners.flatMap((owner) =>
    owner.ports.flatMap((port, rank) =>
      port.inner === null ? [] : [{ owner, port, rank, inner: port.inner }],
    ),
  );
  await change.insert(
    'port',
    inFront.map(({ owner, port, rank, inner }) =>
      portRow(owner, port, rank, { id: rearIds.get(rearKey(owner, inner.rear)) ?? 0, lane: inner.lane }),
    ),
  );
}

const rearKey = (owner: Owner, name: string) => `${owner.deviceId ?? ''}/${owner.outletId ?? ''}/${name}`;

function portRow(
  owner: Owner,
  port: TypePort,
  rank: number,
  rear: { readonly id: number; readonly lane: number } | null,
): Row {
  return {
    device_id: owner.deviceId,
    outlet_id: owner.outletId,
    kind: port.kind,
    name: port.name,
    label: null,
    description: null,
    mac: null,
    untagged_vlan_id: null,
    rank,
    two_sided: port.twoSided ? 1 : 0,
    lanes: port.lanes,
    rear_port_id: rear?.id ?? null,
    rear_lane: rear?.lane ?? null,
  };
}

/** Those devices or outlets whose ports are not the ones that they shall have. */
export async function withOtherPorts(
  change: Change,
  kind: 'device' | 'outlet',
  owners: readonly { readonly id: number; readonly ports: readonly TypePort[] }[],
): Promise<number[]> {
  const column = kind === 'device' ? 'device_id' : 'outlet_id';
  const had = await change.rows.byIds(
    'ports',
    owners.map(({ id }) => id),
    column,
  );
  const names = new Map(had.map((row) => [row.id, String(row.name)]));
  const said = (row: Row) =>
    [row.name, row.kind, row.two_sided, row.lanes, names.get(Number(row.rear_port_id)), row.rear_lane].join(
      '/',
    );
  const wanted = (port: TypePort) =>
    [port.name, port.kind, port.twoSided ? 1 : 0, port.lanes, port.inner?.rear, port.inner?.lane].join('/');
  const byOwner = Map.groupBy(had, (row) => row[column]);
  return owners.flatMap(({ id, ports }) => {
    const have = (byOwner.get(id) ?? []).map(said).toSorted();
    const shall = ports.map(wanted).toSorted();
    return have.length === shall.length && have.every((each, index) => each === shall[index]) ? [] : [id];
  });
}

/**
 * Gives a device or outlet the ports that it shall have in the place of those it has. A port whose name stays keeps its id, and with it its cables,
 * addresses and history; a port that is not wanted goes, unless something is plugged in.
 * @throws AppError conflict that names every port that would lose its cable
 */
export async function followType(change: Change, of: Scope, wanted: readonly TypePort[]): Promise<void> {
  const had = await change.rows.byIds('ports', [of.id], of.kind === 'device' ? 'device_id' : 'outlet_id');
  const names = new Set(wanted.map((port) => port.name));
  const lost = had.filter((row) => !names.has(String(row.name)));
  await refuseLosingCables(change, of, lost);
  const byName = new Map(had.map((row) => [String(row.name), row]));
  // Inner wiring is undone first, so that no lane is taken twice for a moment and no rear port goes that is still named.
  for (const row of had)
    if (row.rear_port_id !== null) {
      const rear = had.find((other) => other.id === row.rear_port_id);
      const next = wanted.find((port) => port.name === row.name);
      if (next?.inner?.rear !== rear?.name || next?.inner?.lane !== row.rear_lane)
        await change.update('port', row.id, { rear_port_id: null, rear_lane: null });
    }
  await change.remove(
    'port',
    lost.map((row) => row.id),
  );
  for (const isRear of [true, false])
    for (const [rank, port] of wanted.entries()) {
      if ((port.inner === null) !== isRear) continue;
      const row = byName.get(port.name);
      const rear = port.inner === null ? undefined : byName.get(port.inner.rear);
      const inner = port.inner === null ? null : { id: rear?.id ?? 0, lane: port.inner.lane };
      const owner = {
        deviceId: of.kind === 'device' ? of.id : null,
        outletId: of.kind === 'device' ? null : of.id,
        ports: wanted,
      };
      const next = portRow(owner, port, rank, inner);
      if (row === undefined) {
        const [id = 0] = await change.insert('port', [next]);
        byName.set(port.name, { ...next, id, version: change.id });
      } else {
        const { kind, two_sided, lanes, rear_port_id, rear_lane } = next;
        await change.update('port', row.id, {
          kind: kind ?? null,
          rank,
          two_sided: two_sided ?? null,
          lanes: lanes ?? null,
          rear_port_id: rear_port_id ?? null,
          rear_lane: rear_lane ?? null,
        });
      }
    }
}

async function refuseLosingCables(change: Change, of: Scope, lost: readonly StoredRow[]): Promise<void> {
  const ends = await change.rows.byIds(
    'link_ends',
    lost.map((row) => row.id),
    'port_id',
  );
  if (ends.length === 0) return;
  const plugged = new Set(ends.map((end) => end.port_id));
  const ports = lost.filter((row) => plugged.has(row.id));
  const device = await change.get(of.kind, of.id);
  throw new AppError(
    'conflict',
    `"${String(device.name)}" would lose ports in which cables are plugged: ${ports.map((row) => String(row.name)).join(', ')}.`,
    [{ path: 'typeId', message: 'does not have every port that has a cable' }],
    {
      reason: 'loses-cables',
      blocking: ports.map((row) => ({ kind: 'port', id: row.id, name: String(row.name) })),
    },
  );
}

/** What goes into the derived columns of a port. */
export function preparePort(next: Row): Row {
  return { ...next, search_key: searchKey(String(next.name)) };
}
