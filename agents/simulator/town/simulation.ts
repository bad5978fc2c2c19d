import type { Fault, NewFault, SimulatorPorts, SimulatorState } from '@rackhaus/config/contract';
import type { Controlled } from './control.ts';
import { DeviceFace } from './devices.ts';
import { isPlayable, isSame, offers, stillHolds } from './faults.ts';
import { TownMessages } from './messages.ts';
import type { DatagramTarget } from './own-sockets.ts';
import { mootWithout, type Refusal } from './patching.ts';
import { portList } from './port-list.ts';
import type { Town } from './topology.ts';
import { LinkTraps } from './traps.ts';
import { World } from './world.ts';

/** How often the town looks after itself: a UPS that ran empty must take its devices along though nobody asks. */
const lookMs = 500;

/** A whole town on its loopback addresses, and the faults played in it. */
export class Simulation implements Controlled {
  readonly world: World;
  readonly #faces: readonly DeviceFace[];
  readonly #now: () => number;
  readonly #traps: LinkTraps | null;
  readonly #messages: TownMessages | null;
  /** Tells whoever runs the agent to stop or start it; null where nobody listens. */
  readonly #runAgent: ((run: boolean) => void) | null;
  #offers: SimulatorState['offers'] | null = null;
  #faults: readonly Fault[] = [];
  #lastId = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: {
    town: Town;
    now: () => number;
    runAgent: ((run: boolean) => void) | null;
    /** See {@link World}. */
    agentAt?: string | null;
    /** Where switches send traps to when a link changes; left out, they send none. */
    trapTarget?: DatagramTarget | null;
    /** Where devices send their messages (syslog) to; left out, they send none. */
    messageTarget?: DatagramTarget | null;
  }) {
    this.#now = options.now;
    this.#runAgent = options.runAgent;
    this.world = new World(options.town, options.now(), options.agentAt ?? null);
    const target = options.trapTarget ?? null;
    this.#traps = target === null ? null : new LinkTraps({ world: this.world, target });
    const messagesTo = options.messageTarget ?? null;
    this.#messages =
      messagesTo === null
        ? null
        : new TownMessages({ world: this.world, target: messagesTo, now: options.now() });
    this.#faces = [...options.town.devices.values()]
      .filter((device) => device.monitoring !== null)
      .map((device) => new DeviceFace({ device, world: this.world, now: options.now }));
  }

  /** Number of devices that are served. */
  get size(): number {
    return this.#faces.length;
  }

  /** Opens every device's ports; rejects when one cannot be opened, and has closed the others then. */
  async start(): Promise<void> {
    try {
      await Promise.all(this.#faces.map((face) => face.open()));
    } catch (error) {
      await this.stop();
      throw error;
    }
    this.#timer = setInterval(() => this.#look(), lookMs);
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    await Promise.all([
      ...this.#faces.map((face) => face.close()),
      this.#traps?.close(),
      this.#messages?.close(),
    ]);
  }

  state(): SimulatorState {
    this.#offers ??= offers(this.world.town, this.#runAgent !== null);
    return { faults: [...this.#faults], offers: this.#offers };
  }

  ports(): SimulatorPorts {
    return { ports: portList(this.world) };
  }

  add(fault: NewFault): Fault | Refusal | null {
    const before = this.#faults.findLast((known) => isSame(known, fault));
    if (before !== undefined && stillHolds(this.world, before)) return before;
    if (!isPlayable(this.world, fault, this.#runAgent !== null)) return null;
    const added: Fault = { id: this.#lastId + 1, ...fault, since: this.#now() };
    const refusal = this.#set([...this.#faults, added]);
    if (refusal !== null) return refusal;
    this.#lastId = added.id;
    return added;
  }

  remove(id: number): boolean | Refusal {
    if (!this.#faults.some((fault) => fault.id === id)) return false;
    const gone = new Set([id, ...mootWithout(this.world.patching, id)]);
    return this.#set(this.#faults.filter((fault) => !gone.has(fault.id))) ?? true;
  }

  removeAll(): void {
    this.#set([]);
  }

  #set(faults: readonly Fault[]): Refusal | null {
    const refusal = this.world.setFaults(faults, this.#now());
    if (refusal !== null) return refusal;
    const stopped = (list: readonly Fault[]) => list.some((fault) => fault.kind === 'stop-agent');
    const [before, after] = [stopped(this.#faults), stopped(faults)];
    this.#faults = faults;
    if (before !== after) this.#runAgent?.(!after);
    this.#follow();
    return null;
  }

  #look(): void {
    this.world.advance(this.#now());
    this.#follow();
  }

  #follow(): void {
    if (this.#traps !== null || this.#messages !== null) {
      const turned = this.world.takeTurned();
      this.#traps?.send(turned).catch((error: unknown) => console.error('a trap could not be sent:', error));
      this.#messages
        ?.send(turned, this.#now())
        .catch((error: unknown) => console.error('a message could not be sent:', error));
    }
    for (const face of this.#faces)
      face.follow().catch((error: unknown) => console.error('a TCP port could not be opened again:', error));
  }
}
