import type { PortLife } from './life.ts';
import { type DatagramTarget, OwnSockets } from './own-sockets.ts';
import type { TownDevice } from './topology.ts';
import type { World } from './world.ts';

/** Somebody signs in at one of the switches about this often. */
const signInEveryMs = 240_000;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * Sends what devices write by syslog (RFC 3164, UDP), each from its own address: links that change, a UPS that runs on its battery, somebody
 * who signs in. A device that is off or cut off from the agent tells nobody.
 */
export class TownMessages {
  readonly #world: World;
  readonly #sockets: OwnSockets;
  readonly #onMains = new Map<string, boolean>();
  #signInAt: number;
  #signIns = 0;

  constructor(options: { world: World; target: DatagramTarget; now: number }) {
    this.#world = options.world;
    this.#sockets = new OwnSockets('messages', options.target);
    // The first soon, so that there is something to see.
    this.#signInAt = options.now + 20_000;
  }

  /** Tells of links that have changed, and of what else happened until now (ms since 1970). */
  async send(changed: readonly PortLife[], now: number): Promise<void> {
    const said: Promise<void>[] = [];
    for (const { device, port, up } of changed) {
      if (device.role !== 'switch') continue;
      const text = `%LINK-3-UPDOWN: Interface ${port.name}, changed state to ${up ? 'up' : 'down'}`;
      said.push(this.#say(device, 23, 3, text, now));
    }
    for (const [name, { hasMains, charge }] of this.#world.state.ups) {
      const before = this.#onMains.get(name) ?? true;
      this.#onMains.set(name, hasMains);
      const device = this.#world.town.devices.get(name);
      if (before === hasMains || device === undefined) continue;
      const text = hasMains
        ? 'upsd: Utility power restored, UPS on line'
        : `upsd: Utility power failed, UPS on battery, charge ${Math.round(charge * 100)} percent`;
      // What watches a UPS calls this critical, long before polling would.
      said.push(this.#say(device, 3, hasMains ? 5 : 2, text, now));
    }
    if (now >= this.#signInAt) {
      this.#signInAt = now + signInEveryMs;
      const switches = [...this.#world.town.devices.values()].filter(
        ({ role, monitoring }) => role === 'switch' && monitoring !== null,
      );
      const device = switches[this.#signIns++ % Math.max(1, switches.length)];
      if (device !== undefined)
        said.push(this.#say(device, 4, 6, 'sshd[812]: Accepted password for netzadmin from 10.10.1.21', now));
    }
    await Promise.all(said);
  }

  close(): Promise<void> {
    return this.#sockets.close();
  }

  async #say(
    device: TownDevice,
    facility: number,
    severity: number,
    text: string,
    now: number,
  ): Promise<void> {
    const address = device.monitoring?.address;
    if (address === undefined || !this.#world.answers(device.name)) return;
    const message = Buffer.from(
      `<${facility * 8 + severity}>${timeOf(now)} ${device.name.replaceAll(/\s/g, '-')} ${text}`,
    );
    await this.#sockets.send(address, message);
  }
}

/** As RFC 3164 has it: local time without a year. */
function timeOf(now: number): string {
  const at = new Date(now);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = String(at.getDate()).padStart(2, ' ');
  return `${months[at.getMonth()]} ${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
