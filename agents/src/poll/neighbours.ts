import type { ObservedNeighbour } from '@rackhaus/config/contract';
import type { ProfileNeighbours } from '@rackhaus/config/profiles';
import { type SnmpValue, toMac, toNumber, toText, toTextOrHex } from '../snmp/decode.ts';
import { encodeOid, type OidBytes } from '../snmp/oid.ts';
import type { ReplySize } from '../snmp/reply-size.ts';
import type { SnmpSession } from '../snmp/session.ts';
import { walkTable } from '../snmp/walk.ts';
import type { TablePoller } from './table-poller.ts';

const mostRows = 2_000;

/** Port identifier subtypes of LLDP-MIB (LldpPortIdSubtype). */
const subtype = { macAddress: 3, networkAddress: 4 } as const;

interface NeighbourContext {
  readonly session: SnmpSession;
  readonly size: ReplySize;
  readonly deadline: number;
  readonly refresh: boolean;
  /** Value of {@link NeighbourPoller.changed}, read with the device's clock. */
  readonly changed: SnmpValue;
  readonly ports: TablePoller | null;
}

/** Reads who is at the other end of each port (LLDP-MIB and tables like it), when something changed or at a refresh. */
export class NeighbourPoller {
  private readonly spec: ProfileNeighbours;
  /** Instance that changes with the neighbours; null where the tables say nothing of the kind. */
  readonly changed: OidBytes | null;
  private lastChange: number | undefined;
  neighbours: ObservedNeighbour[] = [];

  constructor(spec: ProfileNeighbours) {
    this.spec = spec;
    this.changed = spec.changed === undefined ? null : encodeOid(spec.changed);
  }

  /** {@link changed} where the device has it, as the last refresh showed. */
  get watched(): OidBytes | null {
    return this.lastChange === undefined ? null : this.changed;
  }

  /** True when the tables were read. @throws SnmpError when the device does not answer. */
  async poll(context: NeighbourContext): Promise<boolean> {
    const { refresh } = context;
    const lastChange = toNumber(context.changed);
    const due = refresh || (this.changed !== null && lastChange !== this.lastChange);
    this.lastChange = lastChange;
    if (!due) return false;
    await this.read(context);
    return true;
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

    const neighbours = new Map<string, ObservedNeighbour>();
    for (const [index, row] of found) {
      const localNumber = index.split('.')[this.spec.localPortPosition] ?? index;
      const localPort = ports.name(localNumber);
      const remotePort = nameOfRemotePort(row);
      const chassis = identifier(row.chassis, toNumber(row.chassisSubtype) === 4 ? 3 : 0);
      const remoteName = toText(row.name) ?? chassis ?? '';
      const neighbour = {
        localPort,
        remoteName,
        remotePort,
        remoteDescription: toText(row.description),
      };
      neighbours.set(`${localPort}\n${remoteName}\n${remotePort}`, neighbour);
    }
    this.neighbours = [...neighbours.values()].sort((a, b) =>
      a.localPort.localeCompare(b.localPort, 'en', { numeric: true }),
    );
  }

  private async columns(
    { session, size, deadline }: NeighbourContext,
    spec: Readonly<Record<string, string | undefined>>,
  ): Promise<Map<string, Record<string, SnmpValue>>> {
    const names: string[] = [];
    const oids: OidBytes[] = [];
    for (const [name, oid] of Object.entries(spec)) {
      if (oid === undefined) continue;
      names.push(name);
      oids.push(encodeOid(oid));
    }
    const { rows } = await walkTable(session, size, oids, { deadline, rows: mostRows });
    return new Map(
      rows.map((row) => [row.index, Object.fromEntries(names.map((name, i) => [name, row.values[i]]))]),
    );
  }
}

/**
 * What the neighbour calls its port: lldpRemPortId, but where that is a MAC (as Linux hosts send it), lldpRemPortDesc names
 * the port for people.
 */
function nameOfRemotePort(row: Record<string, SnmpValue>): string {
  const kind = toNumber(row.portSubtype);
  const id = identifier(row.port, kind);
  const description = toText(row.portDescription);
  return (kind === subtype.macAddress ? (description ?? id) : (id ?? description)) ?? '';
}

/** Subtype 3 is a MAC in port identifiers; in a chassis identifier it is 4. */
function identifier(value: SnmpValue, kind: number | undefined): string | null {
  if (kind === subtype.macAddress) return toMac(value) ?? toTextOrHex(value);
  if (kind === subtype.networkAddress && value instanceof Uint8Array && value.length === 5 && value[0] === 1)
    return [...value.subarray(1)].join('.');
  return toTextOrHex(value);
}

/**
 * A local port number of LLDP as a port's name. It is a bridge port on bridges and an ifIndex elsewhere: first by what
 * the device says of the port (lldpLocPortId, lldpLocPortDesc), then as bridge port, then as ifIndex.
 */
class LocalPorts {
  private readonly byText = new Map<string, string>();
  private readonly byIndex = new Map<string, string>();
  private readonly bridge: ReadonlyMap<string, Record<string, SnmpValue>>;
  private readonly local: ReadonlyMap<string, Record<string, SnmpValue>>;

  constructor(
    ports: TablePoller | null,
    bridge: ReadonlyMap<string, Record<string, SnmpValue>>,
    local: ReadonlyMap<string, Record<string, SnmpValue>>,
  ) {
    this.bridge = bridge;
    this.local = local;
    if (!ports) return;
    const { spec, columns } = ports.table;
    const slot = (name: string | undefined) => columns.find((column) => column.name === name)?.slot ?? -1;
    const description = slot(spec.port?.description);
    const alias = slot(spec.port?.alias);
    const mac = slot(spec.port?.mac);
    const macs = new Map<string, string[]>();
    for (const row of ports.rows) {
      this.byIndex.set(row.index, row.name);
      for (const text of [row.name, toText(row.slots[description]), toText(row.slots[alias])])
        if (text !== null && !this.byText.has(normalize(text))) this.byText.set(normalize(text), row.name);
      const address = toMac(row.slots[mac]);
      if (address !== null) macs.set(address, [...(macs.get(address) ?? []), row.name]);
    }
    // Switches often give all ports one MAC: only one that is unique names a port.
    for (const [address, [name, ...others]] of macs)
      if (name !== undefined && others.length === 0 && !this.byText.has(address))
        this.byText.set(address, name);
  }

  name(number: string): string {
    const row = this.local.get(number);
    if (row) {
      const kind = toNumber(row.portSubtype);
      const id = kind === subtype.macAddress ? toMac(row.port) : toText(row.port);
      const texts = [id, toMac(row.port), toText(row.description)];
      // Subtype local is often just the number again: the description says more.
      if (kind === 7) texts.reverse();
      for (const text of texts) {
        const name = text === null ? undefined : this.byText.get(normalize(text));
        if (name !== undefined) return name;
      }
    }
    const ifIndex = toNumber(this.bridge.get(number)?.port);
    const bridged = ifIndex === undefined ? undefined : this.byIndex.get(String(ifIndex));
    return bridged ?? this.byIndex.get(number) ?? number;
  }
}

/** `GigabitEthernet1/0/1` and `Gi1/0/1`, `bridge1/ether1` and `ether1` are the same port. */
export function normalize(name: string): string {
  return name
    .toLowerCase()
    .replace(/^bridge[^/]*\//, '')
    .replace(/^(te)ngigabitethernet|^(gi)gabitethernet|^(fa)stethernet|^(et)hernet/, '$1$2$3$4')
    .replace(/\s+/g, '');
}
