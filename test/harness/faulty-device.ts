import { createSocket } from 'node:dgram';
import {
  LiveStore,
  SnmpResponder,
  type StoreEntry,
  snmpValue,
  trapMessage,
} from '@rackhaus/agents/simulator';

/** What can be wrong with each kind, and how it says so. */
const kinds = {
  /** UPS-MIB (RFC 1628): on mains (3) or on battery (5). */
  ups: {
    type: 'eaton-5p1550ir',
    role: 'ups',
    sysObjectId: '1.3.6.1.2.1.33',
    constant: [
      { oid: '1.3.6.1.2.1.33.1.1.2.0', value: snmpValue.octets('USV') },
      { oid: '1.3.6.1.2.1.33.1.2.1.0', value: snmpValue.integer(2) },
    ],
    tells: { oid: '1.3.6.1.2.1.33.1.4.1.0', well: 3, faulty: 5 },
    /** upsTrapOnBattery */
    trap: '1.3.6.1.2.1.33.2.1',
  },
  /** A DiskStation: its fan turns (1) or has failed (2). */
  nas: {
    type: 'synology-rs2423rpplus',
    role: 'storage',
    sysObjectId: '1.3.6.1.4.1.8072.3.2.10',
    constant: [
      { oid: '1.3.6.1.4.1.6574.1.1.0', value: snmpValue.integer(1) },
      { oid: '1.3.6.1.4.1.6574.1.5.1.0', value: snmpValue.octets('RS2423RP+') },
    ],
    tells: { oid: '1.3.6.1.4.1.6574.1.4.1.0', well: 1, faulty: 2 },
    /** mteTriggerFired of DISMAN-EVENT-MIB, which its agent (net-snmp) sends. */
    trap: '1.3.6.1.2.1.88.2.0.1',
  },
} as const satisfies Record<
  string,
  {
    type: string;
    role: string;
    sysObjectId: string;
    constant: readonly StoreEntry[];
    tells: { oid: string; well: number; faulty: number };
    trap: string;
  }
>;

export interface FaultyDevice {
  readonly name: string;
  /** Of its type, and its role, as an inventory names them. */
  readonly type: string;
  readonly role: string;
  readonly host: string;
  readonly port: number;
  /** Breaks it or mends it; the next poll is told. */
  setFaulty(faulty: boolean): void;
  /** Whether it answers at all. */
  setAlive(alive: boolean): void;
  /** When its present state was first told to a poll (as performance.now); null: not yet. */
  toldAt(): number | null;
  /** Sends a notification from its own address to a port of 127.0.0.1. Resolves when it is sent. */
  sendTrap(port: number): Promise<void>;
  close(): Promise<void>;
}

/** A device with an address of its own that has one fault whenever somebody wants it to. */
export async function startFaultyDevice(options: {
  name: string;
  kind: keyof typeof kinds;
  /** One of 127/8. */
  host: string;
}): Promise<FaultyDevice> {
  const { name, host } = options;
  const kind = kinds[options.kind];
  const startedAt = performance.now();
  const uptime = () => (performance.now() - startedAt) / 10;
  let faulty = false;
  let alive = true;
  let toldAt: number | null = null;
  const responder = new SnmpResponder({
    community: 'public',
    alive: () => alive,
    store: new LiveStore([
      { oid: '1.3.6.1.2.1.1.1.0', value: snmpValue.octets(`Linux ${name}`) },
      { oid: '1.3.6.1.2.1.1.2.0', value: snmpValue.objectId(kind.sysObjectId) },
      { oid: '1.3.6.1.2.1.1.3.0', value: () => snmpValue.timeTicks(uptime()) },
      { oid: '1.3.6.1.2.1.1.5.0', value: snmpValue.octets(name) },
      ...kind.constant,
      {
        oid: kind.tells.oid,
        value: () => {
          toldAt ??= performance.now();
          return snmpValue.integer(faulty ? kind.tells.faulty : kind.tells.well);
        },
      },
    ]),
  });
  const { port } = await responder.listen(host);
  const sender = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    sender.once('error', reject);
    sender.bind(0, host, resolve);
  });
  let requestId = 0;
  return {
    name,
    type: kind.type,
    role: kind.role,
    host,
    port,
    setFaulty(now) {
      faulty = now;
      toldAt = null;
    },
    setAlive(now) {
      alive = now;
    },
    toldAt: () => toldAt,
    sendTrap: (to) =>
      new Promise((resolve, reject) => {
        const message = trapMessage({
          community: 'public',
          requestId: ++requestId,
          uptimeTicks: uptime(),
          trap: kind.trap,
          objects: [],
        });
        sender.send(message, to, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
      }),
    async close() {
      await new Promise<void>((resolve) => sender.close(() => resolve()));
      await responder.close();
    },
  };
}
