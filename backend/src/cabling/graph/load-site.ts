import { sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { append, type KnownCables } from '../cable-graph.ts';
import { loadGraphAround } from '../load-graph.ts';
import { tracePort } from '../trace.ts';
import { type Connection, type SiteDevice, SiteGraph } from './site-graph.ts';

/** Roles whose devices pass on the traffic of others. */
const transitRoles = new Set(['switch', 'firewall', 'router', 'access-point']);
/** Roles at which a network begins for those behind them. */
const sourceRoles = new Set(['firewall', 'router']);

interface PortRow {
  readonly id: number;
  readonly kind: string;
  readonly device_id: number | null;
}
/** Devices at which network and power begin. */
export interface Sources {
  readonly network: ReadonlySet<number>;
  readonly power: ReadonlySet<number>;
}
interface DeviceRow {
  readonly id: number;
  readonly role: string;
}

/**
 * All devices and how cables connect them, read at one moment. Where no firewall or router is among those that are connected, the
 * network begins at the device with the most connections. `then`: another state of the cables, with both nets beginning where they
 * do today. A device without inlets, or none of whose inlets has a documented cord, is
 * taken to have power.
 */
export async function loadSite(
  db: Database,
  then?: { readonly cables: (today: KnownCables) => KnownCables; readonly sources: Sources },
): Promise<SiteGraph> {
  const { ports, devices, cables } = await db.transaction().execute(async (tx) => {
    const ports = await tx.selectFrom('ports').select(['id', 'kind', 'device_id']).execute();
    const plugged = await sql<{ port_id: number }>`select distinct port_id from link_ends`.execute(tx);
    return {
      ports,
      devices: await tx.selectFrom('devices').select(['id', 'role']).orderBy('id').execute(),
      cables: await loadGraphAround(
        tx,
        then === undefined ? plugged.rows.map((row) => row.port_id) : ports.map((port) => port.id),
      ),
    };
  });
  return siteOf(devices, ports, then?.cables(cables) ?? cables, then?.sources);
}

/** The same from rows that are in memory. */
export function siteOf(
  devices: readonly DeviceRow[],
  ports: readonly PortRow[],
  cables: KnownCables,
  given?: Sources,
): SiteGraph {
  const portById = new Map(ports.map((port) => [port.id, port]));
  const network: Connection[] = [];
  const power: Connection[] = [];
  const lines = new Set<number>();
  for (const port of ports) {
    if (port.device_id === null || port.kind === 'front' || port.kind === 'rear') continue;
    for (const { connection, leaves, kind } of connectionsOf(cables, port, portById)) {
      if (leaves) lines.add(port.device_id);
      if (connection === null) continue;
      if (kind === 'power') power.push(connection);
      else network.push(connection);
    }
  }
  const fed = new Set(power.map((connection) => connection.to));
  const sources = given?.network ?? networkSources(devices, network, lines);
  return new SiteGraph({
    devices: devices.map(
      ({ id, role }): SiteDevice => ({
        id,
        transit: transitRoles.has(role),
        networkSource: sources.has(id),
        line: lines.has(id),
        powerSource: given === undefined ? !fed.has(id) : given.power.has(id),
      }),
    ),
    network,
    power,
  });
}

/** Where a port leads: told once, from the port with the lower number, or from the outlet of a power cord. */
function* connectionsOf(cables: KnownCables, port: PortRow, portById: ReadonlyMap<number, PortRow>) {
  if (cables.plugged(port.id, 'front').length === 0) return;
  const path = tracePort(cables, port.id);
  const on = path.nodes.flatMap((node) => (node.portId === null ? [] : [node.portId]));
  const through = [
    ...new Set(
      on.flatMap((id) => {
        const owner = portById.get(id)?.device_id ?? null;
        return owner === null ? [] : [owner];
      }),
    ),
  ];
  const used = [...new Set(path.edges.flatMap(({ cableId }) => (cableId === null ? [] : [cableId])))];
  for (const node of path.nodes) {
    if (node.layer === 0 || node.end !== 'endpoint') continue;
    if (node.portId === null) {
      yield { connection: null, leaves: true, kind: 'network' as const };
      continue;
    }
    const far = portById.get(node.portId);
    if (far === undefined || far.device_id === null || port.device_id === null) continue;
    // A console cable brings neither.
    if (port.kind === 'console' || far.kind === 'console') continue;
    const kind: 'network' | 'power' =
      port.kind === 'power-outlet' || far.kind === 'power-outlet' ? 'power' : 'network';
    const told = kind === 'power' ? port.kind === 'power-outlet' && far.kind === 'inlet' : port.id < far.id;
    if (!told || far.device_id === port.device_id) continue;
    const ends = [port.device_id, far.device_id];
    const connection: Connection = {
      from: port.device_id,
      to: far.device_id,
      cables: used,
      ports: on,
      through: through.filter((id) => !ends.includes(id)),
    };
    yield { connection, leaves: false, kind };
  }
}

/** Firewalls, routers and provider's lines; of what is connected to none of them, the device with the most connections. */
function networkSources(
  devices: readonly DeviceRow[],
  network: readonly Connection[],
  lines: ReadonlySet<number>,
): Set<number> {
  const sources = new Set(devices.filter(({ role }) => sourceRoles.has(role)).map(({ id }) => id));
  for (const id of lines) sources.add(id);
  const neighbours = new Map<number, number[]>();
  for (const { from, to } of network) {
    append(neighbours, from, to);
    append(neighbours, to, from);
  }
  const seen = new Set<number>();
  for (const { id } of devices) {
    if (seen.has(id)) continue;
    const island = [id];
    seen.add(id);
    for (const here of island)
      for (const next of neighbours.get(here) ?? [])
        if (!seen.has(next)) {
          seen.add(next);
          island.push(next);
        }
    if (island.length === 1 || island.some((each) => sources.has(each))) continue;
    const degree = (each: number) => neighbours.get(each)?.length ?? 0;
    sources.add(island.reduce((most, each) => (degree(each) > degree(most) ? each : most), id));
  }
  return sources;
}
