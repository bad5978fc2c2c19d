import type { EntityKind } from './metrics.ts';

/** All values of one entity at one time. This is the unit that travels, is stored, and is shown. */
export interface Reading {
  /** The inventory's id of the device; 0 for the agent's readings about itself. */
  readonly deviceId: number;
  readonly kind: EntityKind;
  /** Port name (ifName), sensor name, outlet number, …; empty where the device has just one such entity. */
  readonly entity: string;
  /** Milliseconds since 1970, UTC. */
  readonly time: number;
  /** Metric name without its kind (`rx` for `port.rx`) to value, in the catalogue's unit. */
  readonly values: Readonly<Record<string, number>>;
}
