import type { Generated } from 'kysely';

export interface OutgoingTables {
  /** What administrators have allowed. Times are milliseconds since 1970, UTC. */
  outgoing_networks: {
    id: Generated<number>;
    /** In its one form, e.g. `10.1.0.0/16`. */
    network: string;
    note: string;
    created_at: number;
    /** Name of who allowed it. */
    created_by: string;
  };
}
