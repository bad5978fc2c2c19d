import type { knownBy, runPhases, runProblems, runStates } from '@rackhaus/config/contract';
import type { Generated, Selectable } from 'kysely';

/** Times are milliseconds since 1970, UTC; what the contract gives as lists and objects is JSON here. */
export interface DiscoveryTables {
  discovery_scans: {
    id: Generated<number>;
    name: string;
    networks: string;
    exclude: string;
    /** In the order in which they are tried. */
    credential_ids: string;
    snmp_port: number;
    agent_id: number | null;
    neighbours: number;
    per_second: number;
    repeat: string;
    next_at: number | null;
    created_at: number;
  };
  discovery_runs: {
    id: Generated<number>;
    scan_id: number;
    state: (typeof runStates)[number];
    started_by: string | null;
    agent_id: number | null;
    agent_name: string | null;
    /** Of the scan when it was begun, without what might not be polled then. */
    networks: string;
    exclude: string;
    snmp_port: number;
    created_at: number;
    started_at: number | null;
    finished_at: number | null;
    phase: (typeof runPhases)[number];
    done: number;
    total: number;
    found: number;
    recognised: number;
    problem: (typeof runProblems)[number] | null;
    detail: string | null;
    /** Which doing of it the agent reports, and the last report that was taken in. */
    attempt: string | null;
    last_number: number;
  };
  discovery_found: {
    id: Generated<number>;
    address: string;
    /** Sorts as addresses count. */
    address_key: string;
    /** All of its own that are known, besides. */
    addresses: string;
    mac: string | null;
    ping_ms: number | null;
    host_name: string | null;
    credential_id: number | null;
    /** At which SNMP was asked. */
    snmp_port: number;
    /** What came of each set of credentials. */
    tried: string;
    engine_id: string | null;
    serial: string | null;
    object_id: string | null;
    vendor: string | null;
    /** What it calls itself. */
    name: string | null;
    /** What it said when it last answered SNMP; null: it never did. */
    said: string | null;
    search: string;
    device_id: number | null;
    known_by: (typeof knownBy)[number] | null;
    ignored_reason: string | null;
    ignored_until: number | null;
    ignored_by: string | null;
    /** null: it is not ignored. */
    ignored_at: number | null;
    first_seen: number;
    last_seen: number;
    gone_since: number | null;
    scan_id: number | null;
    run_id: number | null;
  };
}
export type FoundRow = Selectable<DiscoveryTables['discovery_found']>;
export type RunRow = Selectable<DiscoveryTables['discovery_runs']>;
export type ScanRow = Selectable<DiscoveryTables['discovery_scans']>;
