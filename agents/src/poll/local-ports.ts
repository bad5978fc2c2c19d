import { type SnmpValue, toMac, toNumber, toText } from '../snmp/decode.ts';
import { portIdSubtype } from './remote-identifiers.ts';
import type { TablePoller } from './table-poller.ts';

/**
 * A local port number of LLDP as a port's name. It is a bridge port on bridges and an ifIndex elsewhere: first by what
 * the device says of the port (lldpLocPortId, lldpLocPortDesc), then as bridge port, then as ifIndex: what it is called if that is
 * one, else its number.
 */
export class LocalPorts {
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
      for (const text of [row.name, toText(row.value(description)), toText(row.value(alias))])
        if (text !== null && !this.byText.has(normalize(text))) this.byText.set(normalize(text), row.name);
      const address = toMac(row.value(mac));
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
      const id = kind === portIdSubtype.macAddress ? toMac(row.port) : toText(row.port);
      const texts = [id, toMac(row.port), toText(row.description)];
      // Subtype local is often just the number again: the description says more.
      if (kind === portIdSubtype.local) texts.reverse();
      for (const text of texts) {
        const name = text === null ? undefined : this.byText.get(normalize(text));
        if (name !== undefined) return name;
      }
    }
    const ifIndex = toNumber(this.bridge.get(number)?.port);
    const bridged = ifIndex === undefined ? undefined : this.byIndex.get(String(ifIndex));
    // Where LLDP numbers ports in its own way, some give the ifIndex as what they are called.
    const called = row ? toText(row.port)?.trim() : undefined;
    const told = called === undefined ? undefined : this.byIndex.get(called);
    return bridged ?? told ?? this.byIndex.get(number) ?? number;
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
