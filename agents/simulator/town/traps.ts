import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { trapMessage } from '../snmp/trap.ts';
import { integer } from '../snmp/value.ts';
import type { PortLife } from './life.ts';
import type { TownDevice } from './topology.ts';
import type { World } from './world.ts';

/** IF-MIB: linkDown and linkUp. */
const linkDown = '1.3.6.1.6.3.1.1.5.3';
const linkUp = '1.3.6.1.6.3.1.1.5.4';

export interface TrapTarget {
  readonly address: string;
  readonly port: number;
}

/** The target that `<IPv4 address>:<port>` names. @throws Error when it is none. */
export function parseTrapTarget(text: string): TrapTarget {
  const match = /^(\d{1,3}(?:\.\d{1,3}){3}):(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (match?.[1] === undefined || port < 1 || port > 65_535)
    throw new Error(`"${text}" is no target for traps: it must look like 127.0.0.1:1162`);
  return { address: match[1], port };
}

/**
 * Sends SNMPv2c linkUp and linkDown of switches, each from its own address, as real ones do. A switch with v3 credentials only
 * sends with the community `public`.
 */
export class LinkTraps {
  readonly #world: World;
  readonly #target: TrapTarget;
  readonly #sockets = new Map<string, Promise<Socket>>();
  #requestId = 0;

  constructor(options: { world: World; target: TrapTarget }) {
    this.#world = options.world;
    this.#target = options.target;
  }

  /** Sends what has changed; a switch that is off or cut off from the agent tells nobody. */
  async send(changed: readonly PortLife[]): Promise<void> {
    await Promise.all(
      changed
        .filter(({ device }) => device.role === 'switch' && this.#world.answers(device.name))
        .map((life) => this.#sendOne(life)),
    );
  }

  async close(): Promise<void> {
    const sockets = await Promise.allSettled(this.#sockets.values());
    this.#sockets.clear();
    for (const socket of sockets) if (socket.status === 'fulfilled') socket.value.close();
  }

  async #sendOne({ device, port, up }: PortLife): Promise<void> {
    const { credentials, monitoring } = device;
    if (monitoring === null || monitoring === undefined || credentials === null) return;
    const row = (column: string, value: number) => ({
      oid: `1.3.6.1.2.1.2.2.1.${column}.${port.ifIndex}`,
      value: integer(value),
    });
    const message = trapMessage({
      community: credentials.version === '3' ? 'public' : credentials.community,
      requestId: ++this.#requestId,
      uptimeTicks: this.#world.uptimeTicks(device.name),
      trap: up ? linkUp : linkDown,
      // ifIndex, ifAdminStatus, ifOperStatus.
      objects: [row('1', port.ifIndex), row('7', 1), row('8', up ? 1 : 2)],
    });
    const socket = await this.#socket(device, monitoring.address);
    await new Promise<void>((resolve, reject) => {
      socket.send(message, this.#target.port, this.#target.address, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }

  #socket(device: TownDevice, address: string): Promise<Socket> {
    const before = this.#sockets.get(device.name);
    if (before !== undefined) return before;
    const opened = open(address);
    this.#sockets.set(device.name, opened);
    return opened;
  }
}

async function open(address: string): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, address);
  await once(socket, 'listening');
  // Nobody listens for traps yet, or no longer: that is not the switch's concern.
  socket.on('error', (error) => console.error(`traps from ${address}:`, error));
  socket.unref();
  return socket;
}
