import type { Fault } from '@rackhaus/config/contract';
import { type Forwarding, learn } from './forwarding.ts';
import type { Boot, PortLife } from './life.ts';
import { calmState, step, type TownState } from './model.ts';
import { chance } from './noise.ts';
import { cablingWith, calm, type Patching, type Refusal, repatch } from './patching.ts';
import { buildPowerMap, type PowerMap, poeSources } from './power.ts';
import { reach } from './reach.ts';
import { type Cabling, portKey, type Town, type TownDevice, type TownPort } from './topology.ts';
import { type Connection, connect, rates } from './wiring.ts';

/** What values at one time are worked out from: the living town, or a calm one of the past. */
export type Moment = Pick<World, 'state' | 'time' | 'fault'>;

/** Steps are not longer than this, so that a battery that runs empty does so at the right time. */
const longestStepS = 5;
const shortestStepMs = 250;
/** How long an outlet is off that is switched off and on again. */
const cycleMs = 5000;

/**
 * The living town: the pure model, moved on to the present whenever someone looks, and what accumulates on the way
 * (counters, uptimes). Nothing is computed while nobody asks.
 */
export class World {
  readonly town: Town;
  #map: PowerMap;
  readonly #agentAt: string | null;
  #reachable: ReadonlySet<string> | null = null;
  /** Other sites: no documented cable leads there on a calm day, so the internet does. */
  #beyond: ReadonlySet<string> = new Set();
  readonly #ports = new Map<string, PortLife>();
  readonly #turned = new Set<PortLife>();
  readonly #boots = new Map<string, Boot>();
  #state: TownState;
  #faults: readonly Fault[] = [];
  #patching: Patching = calm;
  #cabling: Cabling;
  #connections: ReadonlyMap<string, Connection>;
  #time: number;
  /** {@link portKey} of outlets that are switched off, with when they come on again by themselves; null: not. */
  readonly #off = new Map<string, number | null>();
  #wiring = 0;
  #forwarding: (Forwarding & { readonly wiring: number }) | null = null;
  /** When wiring last changed, for LLDP. */
  #wiringChangedAt: number;

  /**
   * @param agentAt device that the polling agent runs on or beside: what no path of links leads to from there is silent.
   * Without it every device that has power answers.
   */
  constructor(town: Town, timeMs: number, agentAt: string | null = null) {
    this.#agentAt = agentAt;
    this.town = town;
    this.#time = timeMs;
    this.#wiringChangedAt = timeMs;
    this.#cabling = town;
    this.#connections = connect(town);
    this.#poeFed = new Set(poeSources(town, this.#connections).keys());
    this.#map = buildPowerMap(town, this.#poeSources());
    this.#state = calmState(town, this.#map, timeMs);
    this.#wiringChangedAt = timeMs - 3_600_000;
    for (const device of town.devices.values()) {
      const ageS = 4 * 86_400 + chance(device.seed, 41) * 180 * 86_400;
      const boot = { at: timeMs - ageS * 1000, count: 1 + Math.floor(chance(device.seed, 42) * 30) };
      this.#boots.set(device.name, boot);
      for (const port of device.ports)
        this.#ports.set(portKey(device.name, port.name), this.#newPort(device, port, boot));
    }
    if (agentAt !== null) {
      const near = this.#reach(agentAt);
      this.#beyond = new Set([...town.devices.keys()].filter((name) => !near.has(name)));
    }
  }

  /** Milliseconds since 1970 that the town has reached. */
  get time(): number {
    return this.#time;
  }

  get state(): TownState {
    return this.#state;
  }

  get map(): PowerMap {
    return this.#map;
  }

  get faults(): readonly Fault[] {
    return this.#faults;
  }

  /** Moves the town on to a time; a time that has passed changes nothing. */
  advance(timeMs: number): void {
    if (timeMs <= this.#time) return;
    const again = [...this.#off].filter(([, at]) => at !== null && at <= timeMs).map(([key]) => key);
    for (const key of again) this.#off.delete(key);
    if (again.length > 0) this.#fedAnew();
    while (timeMs - this.#state.time >= shortestStepMs) {
      const leftS = (timeMs - this.#state.time) / 1000;
      // After a night's sleep of the machine longer steps will do.
      const dtS = Math.min(Math.max(longestStepS, leftS / 1000), leftS);
      const before = this.#state.powered;
      this.#state = step(this.town, this.#map, this.#state, this.#faults, dtS);
      if (!sameSet(before, this.#state.powered)) this.#settle(this.#state.time, before);
    }
    this.#time = timeMs;
  }

  /**
   * Replaces the faults; everything that follows from them at once (links, power) has happened on return. What cannot be done
   * to the cables, because a port is taken, leaves all as it was and is returned as the reason.
   */
  setFaults(faults: readonly Fault[], timeMs: number): Refusal | null {
    const patching = repatch(this.town, this.#patching, faults);
    if ('refused' in patching) return patching;
    this.advance(timeMs);
    this.#faults = faults;
    const before = this.#state.powered;
    if (patching !== this.#patching) {
      this.#patching = patching;
      this.#cabling = cablingWith(this.town, patching);
      this.#connections = connect(this.town, this.#cabling);
      this.#rewired(timeMs);
    }
    this.#map = this.#powerMap();
    this.#state = step(this.town, this.#map, this.#state, faults, 0);
    this.#settle(this.#time, before);
    return null;
  }

  /** What was done to the cables since the calm day. */
  get patching(): Patching {
    return this.#patching;
  }

  /** The cables that are in place. */
  get cabling(): Cabling {
    return this.#cabling;
  }

  /** Whether a power outlet is switched on. */
  isOutletOn(device: string, outlet: string): boolean {
    return !this.#off.has(portKey(device, outlet));
  }

  /** Switches a power outlet; what hangs on it has gone off or on when this returns. */
  switchOutlet(device: string, outlet: string, command: 'on' | 'off' | 'cycle'): void {
    const key = portKey(device, outlet);
    if (command === 'on') this.#off.delete(key);
    else this.#off.set(key, command === 'off' ? null : this.#time + cycleMs);
    this.#fedAnew();
  }

  #fedAnew(): void {
    const before = this.#state.powered;
    this.#map = this.#powerMap();
    this.#state = step(this.town, this.#map, this.#state, this.#faults, 0);
    this.#settle(this.#time, before);
  }

  #powerMap(): PowerMap {
    return buildPowerMap(this.town, this.#poeSources(), this.#cabling, new Set(this.#off.keys()));
  }

  isOn(device: string): boolean {
    return this.#state.powered.has(device);
  }

  /** Whether the agent gets an answer: the device runs, and something leads there. */
  answers(device: string): boolean {
    if (!this.isOn(device)) return false;
    if (this.#agentAt === null || this.#beyond.has(device)) return true;
    return this.#reach(this.#agentAt).has(device);
  }

  #reach(from: string): ReadonlySet<string> {
    this.#reachable ??= reach(this.town, from, (key) => this.connection(key));
    return this.#reachable;
  }

  /** Counts up with every change of a link or of what is at its other end. */
  get wiring(): number {
    return this.#wiring;
  }

  /** Ports whose link came up or went down since the last call. */
  takeTurned(): readonly PortLife[] {
    const turned = [...this.#turned];
    this.#turned.clear();
    return turned;
  }

  /** Where switches see which MAC address at present; worked out again only after a change. */
  forwarding(): Forwarding {
    if (this.#forwarding?.wiring !== this.#wiring)
      this.#forwarding = { wiring: this.#wiring, ...learn(this) };
    return this.#forwarding;
  }

  readonly #poeFed: ReadonlySet<string>;

  /** Who feeds whom over Ethernet; a device that lives on that and has no link is fed by nobody. */
  #poeSources(): ReadonlyMap<string, string> {
    const sources = poeSources(this.town, this.#connections);
    return new Map([...this.#poeFed].map((device) => [device, sources.get(device) ?? '']));
  }

  boot(device: string): Boot {
    const boot = this.#boots.get(device);
    if (boot === undefined) throw new Error(`there is no device "${device}"`);
    return boot;
  }

  /** Hundredths of a second since the device started. */
  uptimeTicks(device: string, atMs = this.#time): number {
    return Math.max(0, (atMs - this.boot(device).at) / 10);
  }

  wiringChangedAt(): number {
    return this.#wiringChangedAt;
  }

  /** What a port is connected to, if its link is up. */
  connection(key: string): Connection | undefined {
    return this.#ports.get(key)?.up ? this.#connections.get(key) : undefined;
  }

  /** A port with its counters up to the present. */
  port(key: string): PortLife {
    const life = this.#ports.get(key);
    if (life === undefined) throw new Error(`there is no port "${key}"`);
    this.#count(life, this.#time);
    return life;
  }

  fault(kind: Fault['kind'], target: string): boolean {
    return this.#faults.some((fault) => fault.kind === kind && fault.target === target);
  }

  #newPort(device: TownDevice, port: TownPort, boot: Boot): PortLife {
    const connection = this.#connections.get(portKey(device.name, port.name));
    const life: PortLife = {
      device,
      port,
      up: connection !== undefined && this.#isUp(device, connection),
      changedAt: boot.at + 45_000 + chance(device.seed, 100 + port.ifIndex) * (this.#time - boot.at) * 0.9,
      inOctets: 0,
      outOctets: 0,
      countedAt: this.#time,
    };
    // As if counted since the boot: a working day's mean is about a third of its peak.
    if (connection !== undefined) {
      const seconds = (this.#time - boot.at) / 1000;
      life.inOctets = (connection.receivedPeak / 8) * 0.12 * seconds;
      life.outOctets = (connection.sentPeak / 8) * 0.12 * seconds;
    }
    return life;
  }

  #isUp(device: TownDevice, connection: Connection): boolean {
    if (!this.#state.powered.has(device.name)) return false;
    return connection.workplace !== null || this.#state.powered.has(connection.far.owner);
  }

  #count(life: PortLife, timeMs: number): void {
    const seconds = (timeMs - life.countedAt) / 1000;
    if (seconds <= 0) return;
    const connection = life.up ? this.#connections.get(portKey(life.device.name, life.port.name)) : undefined;
    if (connection !== undefined) {
      const { sent, received } = rates(connection, (timeMs + life.countedAt) / 2);
      life.inOctets += (received / 8) * seconds;
      life.outOctets += (sent / 8) * seconds;
    }
    life.countedAt = timeMs;
  }

  #rewired(timeMs: number): void {
    this.#wiring++;
    this.#wiringChangedAt = timeMs;
  }

  /** Draws the consequences of changed power or cables: boots, links, counters. */
  #settle(timeMs: number, poweredBefore: ReadonlySet<string>): void {
    this.#reachable = null;
    for (const device of this.town.devices.values()) {
      const booted = this.#state.powered.has(device.name) && !poweredBefore.has(device.name);
      const boot = this.boot(device.name);
      if (booted) {
        boot.at = timeMs;
        boot.count++;
      }
      for (const port of device.ports) {
        const key = portKey(device.name, port.name);
        const life = this.#ports.get(key);
        if (life === undefined) continue;
        this.#count(life, timeMs);
        if (booted) {
          life.inOctets = 0;
          life.outOctets = 0;
        }
        const connection = this.#connections.get(key);
        const up = connection !== undefined && this.#isUp(device, connection);
        if (up === life.up && !booted) continue;
        if (life.up !== up) this.#turned.add(life);
        life.up = up;
        life.changedAt = timeMs;
        this.#rewired(timeMs);
      }
    }
  }
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const item of a) if (!b.has(item)) return false;
  return true;
}
