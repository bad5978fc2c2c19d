import { trapMessage } from '../snmp/trap.ts';
import { integer } from '../snmp/value.ts';
import type { PortLife } from './life.ts';
import { type DatagramTarget, OwnSockets } from './own-sockets.ts';
import type { World } from './world.ts';

/** IF-MIB: linkDown and linkUp. */
const linkDown = '1.3.6.1.6.3.1.1.5.3';
const linkUp = '1.3.6.1.6.3.1.1.5.4';

/** The target that `<IPv4 address>:<port>` names. @throws Error that says of what it is none */
export function parseTarget(text: string, what: 'traps' | 'messages'): DatagramTarget {
  const match = /^(\d{1,3}(?:\.\d{1,3}){3}):(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (match?.[1] === undefined || port < 1 || port > 65_535)
    throw new Error(`"${text}" is no target for ${what}: it must look like 127.0.0.1:1162`);
  return { address: match[1], port };
}

/**
 * Sends SNMPv2c linkUp and linkDown of switches, each from its own address, as real ones do. A switch with v3 credentials only
 * sends with the community `public`.
 */
export class LinkTraps {
  readonly #world: World;
  readonly #sockets: OwnSockets;
  #requestId = 0;

  constructor(options: { world: World; target: DatagramTarget }) {
    this.#world = options.world;
    this.#sockets = new OwnSockets('traps', options.target);
  }

  /** Sends what has changed; a switch that is off or cut off from the agent tells nobody. */
  async send(changed: readonly PortLife[]): Promise<void> {
    await Promise.all(
      changed
        .filter(({ device }) => device.role === 'switch' && this.#world.answers(device.name))
        .map((life) => this.#sendOne(life)),
    );
  }

  close(): Promise<void> {
    return this.#sockets.close();
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
    await this.#sockets.send(monitoring.address, message);
  }
}
