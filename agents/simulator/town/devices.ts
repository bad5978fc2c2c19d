import { createServer, type Server, type Socket } from 'node:net';
import { demoSwitching } from '@rackhaus/config/sample-town-hall';
import { SnmpResponder } from '../snmp/responder.ts';
import { deviceStore, vlanStores } from './mib/device-store.ts';
import { setOutlet } from './mib/pdu.ts';
import { engineId } from './mib/system.ts';
import type { TownDevice } from './topology.ts';
import type { World } from './world.ts';

/** The network face of one device: SNMP on UDP, and the TCP ports that it is documented to have. */
export class DeviceFace {
  readonly #device: TownDevice;
  readonly #world: World;
  readonly #now: () => number;
  #responder: SnmpResponder | null = null;
  readonly #tcp = new Map<number, TcpPort>();

  constructor(options: { device: TownDevice; world: World; now: () => number }) {
    this.#device = options.device;
    this.#world = options.world;
    this.#now = options.now;
  }

  /** Listens on the documented address. Rejects naming the device when that is not possible. */
  async open(): Promise<void> {
    const { monitoring } = this.#device;
    if (monitoring === null || monitoring === undefined) return;
    try {
      this.#responder = this.#makeResponder();
      await this.#responder?.listen(monitoring.address, monitoring.port);
      for (const port of monitoring.tcp) {
        const tcp = new TcpPort(monitoring.address, port);
        this.#tcp.set(port, tcp);
        await tcp.set(true);
      }
    } catch (error) {
      throw new Error(`${this.#device.name}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }

  /** Opens or closes the TCP ports as the device answers or not. */
  async follow(): Promise<void> {
    const on = this.#world.answers(this.#device.name);
    await Promise.all([...this.#tcp.values()].map((tcp) => tcp.set(on)));
  }

  async close(): Promise<void> {
    await this.#responder?.close();
    await Promise.all([...this.#tcp.values()].map((tcp) => tcp.set(false)));
  }

  #makeResponder(): SnmpResponder | null {
    const device = this.#device;
    const { credentials } = device;
    if (credentials === null) return null;
    const world = this.#world;
    return new SnmpResponder({
      store: deviceStore(device, world),
      contexts: vlanStores(device, world),
      ...(credentials.version === '3'
        ? { v3Users: [{ user: credentials.user, auth: credentials.auth, priv: credentials.priv }] }
        : { community: credentials.community }),
      ...(device.role === 'pdu'
        ? {
            writing: {
              v3User: demoSwitching,
              set: (oid, value) => setOutlet(device, world, oid, value),
            },
          }
        : {}),
      engineId: engineId(device),
      clock: () => ({
        boots: world.boot(device.name).count,
        time: Math.floor(world.uptimeTicks(device.name) / 100),
      }),
      alive: () => {
        world.advance(this.#now());
        return world.answers(device.name);
      },
    });
  }
}

/** A TCP port that accepts and closes connections, or refuses them. Changes are made one after another. */
class TcpPort {
  readonly #address: string;
  readonly #port: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #work: Promise<void> = Promise.resolve();

  constructor(address: string, port: number) {
    this.#address = address;
    this.#port = port;
  }

  set(open: boolean): Promise<void> {
    const done = this.#work.then(() => (open ? this.#open() : this.#close()));
    this.#work = done.catch(() => {});
    return done;
  }

  async #open(): Promise<void> {
    if (this.#server !== null) return;
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => this.#sockets.delete(socket));
      // Long enough for a client to see that the port is open.
      socket.setTimeout(5_000, () => socket.destroy());
      socket.resume();
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, this.#address, () => resolve());
    });
    this.#server = server;
  }

  async #close(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}
