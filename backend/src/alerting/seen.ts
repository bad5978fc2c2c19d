import type { Condition } from '@rackhaus/config/contract';
import type { Conditions, Standing } from '../monitoring/conditions.ts';
import type { OwnCondition } from './parts.ts';
import { drillPrefix, isRead, ownPrefix } from './world.ts';

/** What the engine asks of monitoring. */
export type Monitored = Pick<
  Conditions,
  'of' | 'ofAgents' | 'agent' | 'standing' | 'portsDown' | 'deviceIds' | 'onChange'
>;

/** Key under which the agents' conditions are kept; no device has it. */
const agents = 0;

/**
 * What is seen now, kept up as devices are read: nobody walks through twenty thousand devices because one has answered.
 */
export class Seen {
  readonly conditions = new Map<string, Condition>();
  readonly standings = new Map<number, Standing>();
  readonly unreachable = new Set<number>();
  readonly silent = new Set<number>();
  readonly answering = new Set<number>();
  readonly portsDown = new Set<number>();
  readonly #monitored: Monitored;
  readonly #ofDevice = new Map<number, readonly Condition[]>();
  readonly #portsOf = new Map<number, readonly number[]>();
  readonly #own = new Map<string, readonly Condition[]>();
  /** Taken for over by somebody, until the device is read again. */
  readonly #dismissed = new Map<string, Condition>();

  constructor(options: { monitored: Monitored }) {
    this.#monitored = options.monitored;
  }

  /** Looks at all devices and agents. @returns whether anything differs from before */
  lookAtAll(): boolean {
    const ids = new Set(this.#monitored.deviceIds());
    let changed = false;
    for (const id of [...this.standings.keys()]) if (!ids.has(id)) changed = this.#look(id) || changed;
    for (const id of ids) changed = this.#look(id) || changed;
    return this.#lookAtAgents() || changed;
  }

  /** Looks at devices that have been read, or have turned silent; with none: at the agents. */
  lookAt(deviceIds: Iterable<number>): boolean {
    let changed = false;
    let none = true;
    for (const id of deviceIds) {
      none = false;
      changed = this.#readmit(id) || changed;
      changed = this.#look(id) || changed;
    }
    return none ? this.#lookAtAgents() : changed;
  }

  /** Takes in what a source reports, in the place of all that it had reported before. */
  report(source: string, conditions: readonly OwnCondition[]): void {
    const before = this.#own.get(source) ?? [];
    const next = conditions.map((each) => ownCondition(source, each));
    for (const { id } of before) this.#dismissed.delete(id);
    this.#own.set(source, next);
    this.#replace(before, next);
  }

  /** Whether a source has said anything yet, be it that all is well. */
  hasReported(source: string): boolean {
    return this.#own.has(source);
  }

  /** Takes a condition for over until it is seen anew. */
  dismiss(id: string): void {
    const condition = this.conditions.get(id);
    if (condition === undefined) return;
    this.conditions.delete(id);
    this.#dismissed.set(id, condition);
  }

  /** Conditions of devices and agents: what has a cause in the network. */
  read(): Condition[] {
    return [...this.conditions.values()].filter(isRead);
  }

  #readmit(deviceId: number): boolean {
    if (this.#dismissed.size === 0) return false;
    let changed = false;
    for (const [id, condition] of this.#dismissed) {
      if (condition.deviceId !== deviceId) continue;
      this.#dismissed.delete(id);
      if (this.#ofDevice.get(deviceId)?.some((each) => each.id === id)) {
        this.conditions.set(id, condition);
        changed = true;
      }
    }
    return changed;
  }

  #lookAtAgents(): boolean {
    this.#readmit(agents);
    return this.#take(agents, this.#monitored.ofAgents());
  }

  #look(id: number): boolean {
    const conditionsChanged = this.#take(id, this.#monitored.of(id));
    const { standing } = this.#monitored.standing(id);
    const before = this.standings.get(id);
    const ports = standing === 'answers' ? this.#monitored.portsDown(id) : [];
    const known = this.#portsOf.get(id) ?? [];
    const portsChanged = ports.length !== known.length || ports.some((port, index) => port !== known[index]);
    if (portsChanged) {
      for (const port of known) this.portsDown.delete(port);
      for (const port of ports) this.portsDown.add(port);
      this.#portsOf.set(id, ports);
    }
    if (before === standing) return conditionsChanged || portsChanged;
    this.unreachable.delete(id);
    this.silent.delete(id);
    this.answering.delete(id);
    if (standing === 'unmonitored') {
      this.standings.delete(id);
      this.#portsOf.delete(id);
      return true;
    }
    this.standings.set(id, standing);
    const set = { answers: this.answering, unreachable: this.unreachable, silent: this.silent }[standing];
    set.add(id);
    return true;
  }

  #take(id: number, next: readonly Condition[]): boolean {
    const before = this.#ofDevice.get(id) ?? [];
    if (before === next) return false;
    if (next.length === 0) this.#ofDevice.delete(id);
    else this.#ofDevice.set(id, next);
    const same =
      before.length === next.length &&
      next.every(
        (each, index) =>
          before[index]?.id === each.id &&
          before[index].severity === each.severity &&
          before[index].title.de === each.title.de,
      );
    if (same) return false;
    this.#replace(before, next);
    return true;
  }

  #replace(before: readonly Condition[], next: readonly Condition[]): void {
    for (const { id } of before) this.conditions.delete(id);
    for (const condition of next)
      if (!this.#dismissed.has(condition.id)) this.conditions.set(condition.id, condition);
  }
}

/** What somebody reports in the form of what devices say. */
function ownCondition(source: string, own: OwnCondition): Condition {
  const { drillOf, device, severity, title, advice, place, since } = own;
  return {
    id:
      drillOf === undefined
        ? `${ownPrefix}${source}/${own.id}`
        : `${drillPrefix}${drillOf.drillId}/${source}/${own.id}`,
    rule: drillOf === undefined ? source : 'drill',
    deviceId: drillOf?.deviceId ?? device?.id ?? 0,
    deviceName: drillOf === undefined ? (device?.name ?? 'Rackhaus') : title.de,
    place,
    roomId: device?.roomId ?? null,
    entity: '',
    severity,
    title,
    advice,
    since,
  };
}
