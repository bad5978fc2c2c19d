import type { driftSources, driftVerdicts, Finding, findingStates } from '@rackhaus/config/contract';
import type { Generated } from 'kysely';

/** Kept apart from the documentation: none of it is in the history, and nothing of it can be undone. Times are ms since 1970. */
export interface DriftTables {
  /** Who was seen at the other end of a port. */
  seen_links: {
    id: Generated<number>;
    port_id: number;
    source: 'lldp' | 'cdp' | 'fdb';
    far_device_id: number | null;
    far_port_id: number | null;
    /** In the device's own words. */
    text: string;
    first_seen: number;
    last_seen: number;
  };
  /** Whether a port has a link, and since when. */
  seen_port_states: { port_id: number; up: number; since: number };
  /** What is known of a cable by now. `confirmed_at` stays when it is contradicted later. */
  cable_proofs: {
    link_id: number;
    verdict: (typeof driftVerdicts)[number];
    /** When the verdict was reached. */
    time: number;
    confirmed_at: number | null;
    source: (typeof driftSources)[number] | null;
    by: string | null;
  };
  /** `key` stays the same while a finding lasts, and is the same when it comes back. */
  drift_findings: {
    id: Generated<number>;
    key: string;
    verdict: Finding['verdict'];
    state: (typeof findingStates)[number];
    port_id: number;
    documented_id: number | null;
    source: (typeof driftSources)[number];
    text: string;
    observed_port_id: number | null;
    observed_device_id: number | null;
    since: number;
    last_seen: number;
    ignored_until: number | null;
    ignored_reason: string | null;
    ignored_by: string | null;
  };
}
