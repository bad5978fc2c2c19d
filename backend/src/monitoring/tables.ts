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
  /** Devices that a certain agent polls; all others are polled by the oldest agent. */
  agent_devices: { device_id: number; agent_id: number };
  /** What each device last said of itself, as the JSON of the contract's Observation. */
  observations: { device_id: number; time: number; observation: string };
  /** Who each device last saw behind its ports, as the JSON of the contract's Sightings. */
  sightings: { device_id: number; time: number; sightings: string };
  /** When states and conditions began that still last. */
  beginnings: { key: string; since: number };
}
