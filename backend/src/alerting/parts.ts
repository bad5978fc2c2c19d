import type { BilingualText, Condition, Severity } from '@rackhaus/config/contract';

/** Something wrong with Rackhaus itself, or a drill: what does not come from a device's readings. */
export interface OwnCondition {
  /** Stable while it lasts; unique within its source. */
  readonly id: string;
  readonly severity: Severity;
  readonly title: BilingualText;
  readonly advice: BilingualText;
  readonly place: string;
  readonly since: number;
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

/** What others may do with incidents. */
export interface Incidents {
  /** Idempotent. @throws AppError not-found */
  acknowledge(incidentId: number, actor: Actor): Promise<void>;
  /** Replaces all that this source had said before. */
  report(source: string, conditions: readonly OwnCondition[]): void;
  /** Writes one line into the story. */
  addEvent(incidentId: number, kind: 'escalated' | 'nobody', text: string): Promise<void>;
  /** Told after every commit that changed an incident or left a notice. */
  onChange(listener: () => void): () => void;
}
