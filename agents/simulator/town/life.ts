import type { TownDevice, TownPort } from './topology.ts';

/** Counters and state of one network port. */
export interface PortLife {
  readonly device: TownDevice;
  readonly port: TownPort;
  up: boolean;
  /** Milliseconds since 1970 of the last change of `up`. */
  changedAt: number;
  /** Counted until `countedAt`. */
  inOctets: number;
  outOctets: number;
  countedAt: number;
}

/** When a device's SNMP engine started, and how often it has. */
export interface Boot {
  at: number;
  count: number;
}
