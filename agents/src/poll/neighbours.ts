import type { ObservedNeighbour } from '@rackhaus/config/contract';
import type { ProfileNeighbours } from '@rackhaus/config/profiles';
import { type SnmpValue, toNumber, toText } from '../snmp/decode.ts';
import { encodeOid, type OidBytes } from '../snmp/oid.ts';
import type { ReplySize } from '../snmp/reply-size.ts';
import type { SnmpSession } from '../snmp/session.ts';
import { walkTable } from '../snmp/walk.ts';
import { addressInIndex, ipText } from './addresses.ts';
import { LocalPorts } from './local-ports.ts';
import type { Presence } from './presence.ts';
import { chassisIdentifier, nameOfRemotePort } from './remote-identifiers.ts';
import type { TablePoller } from './table-poller.ts';

const mostRows = 2_000;

/**
 * So long after a change the tables are read once more. Some devices tell the time of it in whole seconds, so that what happens
 * later in the same second looks like no change; and a port that was made anew is in the table of ports a little later.
 */
const settleMs = 3_000;
const withoutChangeMs = 60_000;

interface NeighbourContext {
  readonly session: SnmpSession;
  readonly size: ReplySize;
  readonly deadline: number;
  readonly refresh: boolean;
  /** Read it whatever the device says of changes. */
  readonly now: boolean;
  /** Value of {@link NeighbourPoller.watching}, read with the device's clock. */
  readonly changed: SnmpValue;
  readonly ports: TablePoller | null;
  /** As it was found at the last refresh. */
  readonly presence: Presence;
}

/** Reads who is at the other end of each port (LLDP-MIB and tables like it), when something changed or at a refresh. */
export class NeighbourPoller {
  private readonly spec: ProfileNeighbours;
  /** Instance that changes with the neighbours; null where the tables say nothing of the kind. */
  readonly watching: OidBytes | null;
  private lastChange: number | undefined;
  /** It has said once when its neighbours changed. */
  private tells = false;
  /** When a change was seen, until the tables have been read once more; moments of `performance.now()`. */
  private changedAt: number | null = null;
  private readAt = Number.NEGATIVE_INFINITY;
  neighbours: ObservedNeighbour[] = [];

  constructor(spec: ProfileNeighbours) {
    this.spec = spec;
    this.watching = spec.changed === undefined ? null : encodeOid(spec.changed);
  }

  /** {@link watching} where the device has it, or once had: an agent that is busy may leave it out for a moment. */
  get watched(): OidBytes | null {
    return this.tells ? this.watching : null;
  }

  /** Whether {@link poll} would read the tables. */
  isDue({ refresh, now, changed }: Pick<NeighbourContext, 'refresh' | 'now' | 'changed'>): boolean {
    return refresh || now || this.hasChanged(changed) || this.isStale(changed) || this.isSettling();
  }

  /** True when the tables were read. @throws SnmpError when the device does not answer. */
  async poll(context: NeighbourContext): Promise<boolean> {
    if (!this.isDue(context)) return false;
    const changed = this.hasChanged(context.changed);
    const settling = this.isSettling();
    this.lastChange = toNumber(context.changed);
    if (this.lastChange !== undefined) this.tells = true;
    this.readAt = performance.now();
    this.changedAt = changed ? this.readAt : settling ? null : this.changedAt;
    await this.read(context);
    return true;
  }

  private hasChanged(value: SnmpValue): boolean {
    return this.watching !== null && toNumber(value) !== this.lastChange;
  }

  /** A device that does not say when something changed is asked now and then, if it has neighbours at all. */
  private isStale(value: SnmpValue): boolean {
    return (
      this.neighbours.length > 0 &&
      toNumber(value) === undefined &&
      performance.now() >= this.readAt + withoutChangeMs
    );
  }

  private isSettling(): boolean {
    return this.changedAt !== null && performance.now() >= this.changedAt + settleMs;
  }

  private async read(context: NeighbourContext): Promise<void> {
    const { remote } = this.spec;
    const found = await this.columns(context, remote);
    if (found.size === 0) {
      this.neighbours = [];
      return;
    }
    const local = this.spec.local ? await this.columns(context, this.spec.local) : new Map();
    const bridge = this.spec.bridgePort
      ? await this.columns(context, { port: this.spec.bridgePort })
      : new Map<string, Record<string, SnmpValue>>();
    const ports = new LocalPorts(context.ports, bridge, local);

    const [anIndex = ''] = found.keys();
    const addresses = await this.addresses(context, anIndex.split('.').length);
    const neighbours = new Map<string, ObservedNeighbour>();
    for (const [index, row] of found) {
      const localNumber = index.split('.')[this.spec.localPortPosition] ?? index;
      const localPort = ports.name(localNumber);
      const remotePort = nameOfRemotePort(row);
      const chassis = chassisIdentifier(row.chassis, toNumber(row.chassisSubtype));
      const remoteName = toText(row.name) ?? chassis ?? '';
      const portDescription = toText(row.portDescription);
      // Some keep rows of which nothing is known yet; LLDP demands an identifier of the chassis and of the port.
      if (!remoteName && !remotePort && !portDescription) continue;
      const neighbour: ObservedNeighbour = {
        localPort,
        remoteName,
        remotePort,
        remoteDescription: toText(row.description),
        protocol: this.spec.protocol,
        chassis,
        portDescription,
        managementAddress: addresses.get(index) ?? ipText(row.address),
      };
      neighbours.set(`${localPort}\n${remoteName}\n${remotePort}`, neighbour);
    }
    this.neighbours = [...neighbours.values()].sort((a, b) =>
      a.localPort.localeCompare(b.localPort, 'en', { numeric: true }),
    );
  }

  /** By the index of the neighbour: the first address it gave, IPv4 before IPv6. */
  private async addresses(context: NeighbourContext, indexLength: number): Promise<Map<string, string>> {
    const { session, size, deadline, refresh, presence } = context;
    const found = new Map<string, string>();
    for (const column of this.spec.addresses) {
      const oids = [encodeOid(column)];
      if (refresh && presence.lacks(oids)) continue;
      const { rows } = await walkTable(session, size, oids, { deadline, rows: mostRows });
      for (const { index } of rows) {
        const parts = index.split('.');
        const neighbour = parts.slice(0, indexLength).join('.');
        const address = addressInIndex(parts.slice(indexLength));
        if (address !== null && !found.has(neighbour)) found.set(neighbour, address);
      }
      if (found.size > 0) break;
    }
    return found;
  }

  private async columns(
    { session, size, deadline, refresh, presence }: NeighbourContext,
    spec: Readonly<Record<string, string | undefined>>,
  ): Promise<Map<string, Record<string, SnmpValue>>> {
    const names: string[] = [];
    const oids: OidBytes[] = [];
    for (const [name, oid] of Object.entries(spec)) {
      if (oid === undefined) continue;
      names.push(name);
      oids.push(encodeOid(oid));
    }
    if (refresh && presence.lacks(oids)) return new Map();
    const { rows } = await walkTable(session, size, oids, { deadline, rows: mostRows });
    return new Map(
      rows.map((row) => [row.index, Object.fromEntries(names.map((name, i) => [name, row.values[i]]))]),
    );
  }
}
