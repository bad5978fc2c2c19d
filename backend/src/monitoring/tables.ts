import type { Generated } from 'kysely';

/** Times are milliseconds since 1970, UTC. */
export interface MonitoringTables {
  /** Batches that were stored, as ranges of sequence numbers: an outbox's numbers come almost in order. */
  accepted_batches: {
    agent_id: number;
    /** The agent's outbox and what was in it: `<outbox>/<readings or observations>`. */
    outbox: string;
    first: number;
    last: number;
    updated_at: number;
  };
  agent_contacts: { agent_id: number; last_seen: number };
  /** Devices that a certain agent polls; all others are polled by the agent of their site, else by the oldest one. */
  agent_devices: { device_id: number; agent_id: number };
  /** Which agent was to poll a device from when to when; `ends` null: it still is. */
  device_leases: {
    id: Generated<number>;
    device_id: number;
    agent_id: number;
    begins: number;
    ends: number | null;
  };
  /** Which agent stood in for another from when to when; `ends` null: it still does. */
  stand_ins: {
    id: Generated<number>;
    agent_id: number;
    by_agent_id: number;
    begins: number;
    ends: number | null;
  };
  /** What each device last said of itself, as the JSON of the contract's Observation, and the profile that it was polled with. */
  observations: { device_id: number; time: number; observation: string; profile: string | null };
  /** The same for what its checks have learnt. */
  check_observations: { device_id: number; time: number; observation: string };
  /** Who each device last saw behind its ports, as the JSON of the contract's Sightings. */
  sightings: { device_id: number; time: number; sightings: string };
  /** Where devices may be polled; `site_id` null: devices of every site; `fixed` 1: as the settings say. */
  polled_networks: {
    id: Generated<number>;
    network: string;
    site_id: number | null;
    note: string;
    fixed: Generated<number>;
  };
  /** When states and conditions began that still last. */
  beginnings: { key: string; since: number };
}
