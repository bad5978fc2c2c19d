import type { Condition } from '@rackhaus/config/contract';
import type { RuleBook } from '../rules/rule-book.ts';
import type { AgentWatch } from './agent-watch.ts';
import type { LiveState } from './live-state.ts';

/** down, notPresent, lowerLayerDown of IF-MIB ifOperStatus. */
const downStates: readonly number[] = [2, 6, 7];

/** How a device stands: `silent`: nothing was heard of it in time, so nobody knows. `unmonitored`: nobody asks it. */
export type Standing = 'answers' | 'unreachable' | 'silent' | 'unmonitored';

/** What asks for attention now, of devices and of agents. */
export class Conditions {
  readonly #live: LiveState;
  readonly #agents: AgentWatch;
  readonly #rules: RuleBook | undefined;

  /** `rules` say what is only shown at first; left out: nothing. */
  constructor(options: { live: LiveState; agents: AgentWatch; rules?: RuleBook }) {
    this.#live = options.live;
    this.#agents = options.agents;
    this.#rules = options.rules;
  }

  /** All that hold, or held when the device was last heard of. */
  all(): Condition[] {
    return [
      ...this.#agents.conditions,
      ...Array.from(this.#live.devices.values(), ({ conditions }) => conditions).flat(),
    ];
  }

  /** Those of a device that somebody is to be told of: what is usual for a while, like an open door, has gone on for longer. */
  of(deviceId: number): readonly Condition[] {
    const live = this.#live.devices.get(deviceId);
    if (live === undefined) return [];
    const { conditions, lastSeen } = live;
    // By the readings' own time: the same list as long as nothing in it is young.
    const isYoung = ({ rule, since }: Condition) => {
      const seconds = this.#rules?.rule(rule)?.tellAfter ?? 0;
      return seconds > 0 && (lastSeen ?? since) - since < seconds * 1000;
    };
    return conditions.some(isYoung) ? conditions.filter((condition) => !isYoung(condition)) : conditions;
  }

  /** `since`: when that began, or when it was last heard of; null: not known. */
  standing(deviceId: number): { readonly standing: Standing; readonly since: number | null } {
    const live = this.#live.devices.get(deviceId);
    if (live === undefined) return { standing: 'unmonitored', since: null };
    if (live.state === 'unknown') return { standing: 'silent', since: live.since };
    return { standing: live.reachable ? 'answers' : 'unreachable', since: live.since };
  }

  /** What is said of agents. */
  ofAgents(): readonly Condition[] {
    return this.#agents.conditions;
  }

  /** `heard`: it has spoken since this process began. undefined: there is no agent of that name. */
  agent(name: string): { readonly id: number; readonly heard: boolean } | undefined {
    return this.#agents.heard(name);
  }

  /** Network ports that are switched on and have no link, as the device said last. Ids. */
  portsDown(deviceId: number): number[] {
    const live = this.#live.devices.get(deviceId);
    if (live?.vouchedFor !== true) return [];
    return live.device.ports.flatMap(({ id, name, kind }) => {
      const values = kind === 'network' ? live.entity(`port/${name}`)?.values : undefined;
      return values?.admin === 1 && downStates.includes(values.oper ?? 0) ? [id] : [];
    });
  }

  /** All monitored devices. */
  deviceIds(): Iterable<number> {
    return this.#live.devices.keys();
  }

  /** Told which devices were read or turned silent, and when an agent's state changed (then with no device). */
  onChange(listener: (deviceIds: Iterable<number>) => void): () => void {
    const stops = [
      this.#live.onChange((change) => listener(change.keys())),
      this.#agents.onChange(() => listener([])),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }
}
