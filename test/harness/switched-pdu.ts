import { LiveStore, SnmpResponder, type StoreEntry, snmpValue } from '@rackhaus/agents/simulator';

const identTable = '1.3.6.1.4.1.318.1.1.26.2.1';
const outletTable = '1.3.6.1.4.1.318.1.1.26.9.2.3.1';
const command = '1.3.6.1.4.1.318.1.1.26.9.2.4.1.5';
const { integer, octets } = snmpValue;

/**
 * A PDU of the APC family with outlets that can be switched, on the wire at 127.0.0.1; or several of them, chained behind the address of one, which
 * number their outlets each from 1 and their rows together.
 */
export class SwitchedPdu {
  /** Whether each outlet is on, from the first of the first unit, whether that unit is there or not. */
  readonly on: boolean[];
  /** Units that have left the chain, from 1. */
  readonly gone = new Set<number>();
  /** What was written, in order: row and value. */
  readonly written: { readonly outlet: number; readonly value: number | null }[] = [];
  /** What is answered to a write that is otherwise right; 0: it is done. */
  status = 0;
  readonly responder: SnmpResponder;
  readonly #units: number;
  readonly #outlets: number;

  constructor(options: { units?: number; outlets: number; readCommunity: string; writeCommunity: string }) {
    this.#units = options.units ?? 1;
    this.#outlets = options.outlets;
    this.on = Array.from({ length: this.#units * options.outlets }, () => true);
    const entries: StoreEntry[] = [
      { oid: '1.3.6.1.2.1.1.1.0', value: octets('APC Web/SNMP Management Card') },
      { oid: '1.3.6.1.2.1.1.2.0', value: snmpValue.objectId('1.3.6.1.4.1.318.1.3.4.6') },
      { oid: '1.3.6.1.2.1.1.3.0', value: () => snmpValue.timeTicks(performance.now() / 10) },
      { oid: '1.3.6.1.2.1.1.5.0', value: octets('pdu-test') },
    ];
    for (let module = 1; module <= this.#units; module++)
      entries.push({
        oid: `${identTable}.9.${module}`,
        value: () => {
          const unit = this.#present()[module - 1];
          return unit === undefined ? undefined : octets(`SN-${unit}`);
        },
      });
    for (let row = 1; row <= this.on.length; row++) {
      const number = ((row - 1) % this.#outlets) + 1;
      const module = Math.ceil(row / this.#outlets);
      const whereThere = (value: () => Uint8Array) => () => (this.#at(row) === null ? undefined : value());
      entries.push(
        { oid: `${outletTable}.2.${row}`, value: whereThere(() => integer(module)) },
        { oid: `${outletTable}.3.${row}`, value: whereThere(() => octets(`Outlet ${number}`)) },
        { oid: `${outletTable}.4.${row}`, value: whereThere(() => integer(number)) },
        {
          oid: `${outletTable}.5.${row}`,
          value: whereThere(() => integer(this.on[this.#at(row) ?? -1] ? 2 : 1)),
        },
      );
    }
    this.responder = new SnmpResponder({
      store: new LiveStore(entries),
      community: options.readCommunity,
      writing: { community: options.writeCommunity, set: (oid, value) => this.#set(oid, value) },
    });
  }

  #present(): number[] {
    return Array.from({ length: this.#units }, (_, at) => at + 1).filter((unit) => !this.gone.has(unit));
  }

  /** Which of {@link on} a row is now; null: none. */
  #at(row: number): number | null {
    const unit = this.#present()[Math.ceil(row / this.#outlets) - 1];
    return unit === undefined ? null : (unit - 1) * this.#outlets + ((row - 1) % this.#outlets);
  }

  #set(oid: string, value: number | null): number {
    const outlet = oid.startsWith(`${command}.`) ? Number(oid.slice(command.length + 1)) : 0;
    this.written.push({ outlet, value });
    if (this.status !== 0) return this.status;
    const at = outlet === 0 ? null : this.#at(outlet);
    if (at === null) return 17;
    if (value === 1 || value === 2) this.on[at] = value === 1;
    else if (value !== 3) return 10;
    return 0;
  }
}
