import type {
  BilingualText,
  Condition,
  IncidentCause,
  IncidentEvent,
  Severity,
} from '@rackhaus/config/contract';
import type { SiteGraph } from '../cabling/graph/site-graph.ts';

/** Something wrong with Rackhaus itself, about a device, or a drill: what does not come from a device's readings. */
export interface OwnCondition {
  /** Stable while it lasts; unique within its source. */
  readonly id: string;
  readonly severity: Severity;
  readonly title: BilingualText;
  readonly advice: BilingualText;
  readonly place: string;
  readonly since: number;
  /** What it is about, where it is not Rackhaus itself. */
  readonly device?: { readonly id: number; readonly name: string; readonly roomId: number | null };
  /** Of a drill: the device whose fault is played; the incident says so in its title. */
  readonly drillOf?: { readonly deviceId: number; readonly drillId: number };
}

/** Who holds alerting for a condition; null: nobody does. Asked often: answers from memory. */
export type HeldBy = (condition: Condition) => { readonly id: number; readonly name: string } | null;

/** Who acts on an incident. `via`: by which way, for the story: "Web", "SMS", "Link". */
export interface Actor {
  readonly userId: number | null;
  readonly name: string;
  readonly via: string;
}

/** A message of a device. */
export interface DeviceSaid {
  readonly device: { readonly id: number; readonly name: string };
  readonly text: string;
  readonly time: number;
}

/** An outlet that somebody has switched right before, as {@link IncidentEvent} tells it. */
export interface OutletSwitched {
  readonly device: { readonly id: number; readonly name: string };
  readonly outlet: NonNullable<IncidentEvent['outlet']>;
  readonly by: string;
  readonly reason: string | null;
  readonly time: number;
}

/** What others may do with incidents. */
export interface Incidents {
  /** Idempotent. @throws AppError not-found */
  acknowledge(incidentId: number, actor: Actor): Promise<void>;
  /** Replaces all that this source had said before. */
  report(source: string, conditions: readonly OwnCondition[]): void;
  /** Writes one line into the story. */
  addEvent(incidentId: number, kind: 'escalated' | 'nobody', title: BilingualText): Promise<void>;
  /** Writes into the story what a device says by itself; the same once. Of an incident that is gone nothing is written. */
  addSaid(incidentId: number, said: DeviceSaid): Promise<void>;
  /** Writes into the story what somebody has switched; the same once. Of an incident that is gone nothing is written. */
  addSwitched(incidentId: number, switched: OutletSwitched): Promise<void>;
  /** Told after every commit that changed an incident or left a notice. */
  onChange(listener: () => void): () => void;
}

/** What causes are looked for in. Device and port ids. */
export interface CausesInput {
  readonly site: SiteGraph;
  /** Devices that are known not to answer. */
  readonly unreachable: ReadonlySet<number>;
  /** Devices of which nobody knows: nothing was heard of them in time. */
  readonly silent: ReadonlySet<number>;
  readonly answering: ReadonlySet<number>;
  /** Network ports whose link is down although they are switched on. */
  readonly portsDown: ReadonlySet<number>;
  readonly conditions: readonly Condition[];
  /** Devices on which the agents run; empty: not known. */
  readonly from: readonly number[];
  /** Devices that run although they do not answer: an outlet or a PoE port delivers power to them. Left out: not known. */
  readonly running?: ReadonlySet<number>;
}

/** One fault, as the documented graph explains what is seen. */
export interface FoundCause {
  /** The incident's key: `device:12/reachability`, `power:7`, `link:231`, `site:1/mains`, `agent:2`, `room:3/temperature`. Stable while the fault lasts. */
  readonly key: string;
  readonly cause: IncidentCause;
  /** Conditions that belong to it, those that say it and those that come from it. No other cause has them. */
  readonly conditionIds: readonly string[];
  /** Devices that cannot be reached, or have no power, because of it; without the cause itself. */
  readonly affected: readonly number[];
  /** Devices to be read now before it is believed: the cause, and what else could be it. */
  readonly recheck: readonly number[];
}

/** Pure. What no cause claims is grouped by device and family. */
export type CausesOf = (input: CausesInput) => { readonly causes: readonly FoundCause[] };
