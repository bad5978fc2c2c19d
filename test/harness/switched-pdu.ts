import { LiveStore, SnmpResponder, type StoreEntry, snmpValue } from '@rackhaus/agents/simulator';

const outletTable = '1.3.6.1.4.1.318.1.1.26.9.2.3.1';
const command = '1.3.6.1.4.1.318.1.1.26.9.2.4.1.5';
const { integer, octets } = snmpValue;

/** A PDU of the APC family with outlets that can be switched, on the wire at 127.0.0.1. */
export class SwitchedPdu {
  /** Whether each outlet is on, from the first. */
  readonly on: boolean[];
  /** What was written, in order: outlet and value. */
  readonly written: { readonly outlet: number; readonly value: number | null }[] = [];
  /** What is answered to a write that is otherwise right; 0: it is done. */
  status = 0;
  readonly responder: SnmpResponder;

  constructor(options: { outlets: number; readCommunity: string; writeCommunity: string }) {
    this.on = Array.from({ length: options.outlets }, () => true);
    const entries: StoreEntry[] = [
      { oid: '1.3.6.1.2.1.1.1.0', value: octets('APC Web/SNMP Management Card') },
      { oid: '1.3.6.1.2.1.1.2.0', value: snmpValue.objectId('1.3.6.1.4.1.318.1.3.4.6') },
      { oid: '1.3.6.1.2.1.1.3.0', value: () => snmpValue.timeTicks(performance.now() / 10) },
      { oid: '1.3.6.1.2.1.1.5.0', value: octets('pdu-test') },
    ];
    for (const [at] of this.on.entries()) {
      const number = at + 1;
      entries.push(
        { oid: `${outletTable}.3.${number}`, value: octets(`Outlet ${number}`) },
        { oid: `${outletTable}.4.${number}`, value: integer(number) },
        { oid: `${outletTable}.5.${number}`, value: () => integer(this.on[at] ? 2 : 1) },
      );
    }
    this.responder = new SnmpResponder({
      store: new LiveStore(entries),
      community: options.readCommunity,
      writing: { community: options.writeCommunity, set: (oid, value) => this.#set(oid, value) },
    });
  }

  #set(oid: string, value: number | null): number {
    const outlet = oid.startsWith(`${command}.`) ? Number(oid.slice(command.length + 1)) : 0;
    this.written.push({ outlet, value });
    if (this.status !== 0) return this.status;
    if (this.on[outlet - 1] === undefined) return 17;
    if (value === 1 || value === 2) this.on[outlet - 1] = value === 1;
    else if (value !== 3) return 10;
    return 0;
  }
}
