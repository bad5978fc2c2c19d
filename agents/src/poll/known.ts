import type { ProfileSet } from '@rackhaus/config/profiles';
import { SnmpError } from '../snmp/error.ts';
import { NeighbourPoller } from './neighbours.ts';
import { NetworkPoller } from './network/network-poller.ts';
import { compilePlan, type Plan } from './plan.ts';
import { ScalarPoller } from './scalars.ts';
import { TablePoller } from './table-poller.ts';

/** What is kept of a device as long as it says that it is the same. */
export interface Known {
  readonly plan: Plan;
  readonly scalars: ScalarPoller;
  /** By part of the profile. */
  readonly parts: readonly (readonly TablePoller[])[];
  readonly tables: readonly TablePoller[];
  readonly neighbours: readonly NeighbourPoller[];
  /** Those that are read only when the device says that they changed. */
  readonly watching: readonly (NeighbourPoller | TablePoller)[];
  /** The table of ports. */
  readonly ports: TablePoller | null;
  readonly network: NetworkPoller;
  readonly objectId: string | null;
}

/**
 * Sets up the pollers of a profile; one that does not exist is taken for `generic`.
 * @throws SnmpError when that does not exist either.
 */
export function prepare(profiles: ProfileSet, profileId: string, objectId: string | null): Known {
  const plan = compilePlan(profiles, profileId) ?? compilePlan(profiles, 'generic');
  if (!plan) throw new SnmpError('refused', `there is no profile "${profileId}"`);
  const parts = plan.parts.map((part) => part.tables.map((table) => new TablePoller(table)));
  const tables = parts.flat();
  const neighbours = plan.neighbours.map((spec) => new NeighbourPoller(spec));
  return {
    plan,
    scalars: new ScalarPoller(plan.parts.map((part) => part.scalars)),
    parts,
    tables,
    neighbours,
    watching: [...neighbours, ...tables].filter(({ watching }) => watching !== null),
    ports: tables.find(({ table }) => table.spec.port !== undefined) ?? null,
    network: new NetworkPoller({ vlans: plan.vlans, parts: plan.partSources }),
    objectId,
  };
}
