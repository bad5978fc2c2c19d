import type { IncidentState, NoticeKind, Severity } from '@rackhaus/config/contract';
import type { Generated } from 'kysely';

/**
 * Times are milliseconds since 1970, UTC; flags 0 or 1. A change of an incident, its event and its notice are written in one
 * transaction: what somebody has to be told is never lost, and never told of what did not happen.
 */
export interface AlertingTables {
  incidents: {
    id: Generated<number>;
    /** What it is about: the same key is the same incident as long as it lasts, `device:12`, `room:3/temperature`. Unique while not resolved. */
    key: string;
    state: IncidentState;
    severity: Severity;
    /** JSON of BilingualText. */
    title: string;
    advice: string;
    place: string;
    /** JSON of IncidentCause. */
    cause: string;
    site_id: number | null;
    room_id: number | null;
    since: number;
    opened_at: number | null;
    acknowledged_at: number | null;
    acknowledged_by: string | null;
    resolved_at: number | null;
    snoozed_until: number | null;
    /** The maintenance window that holds it. */
    held_by: number | null;
    flapping: Generated<number>;
    unknown: Generated<number>;
    drill: Generated<number>;
    updated_at: number;
  };
  incident_members: {
    id: Generated<number>;
    incident_id: number;
    condition_id: string;
    role: 'cause' | 'symptom' | 'affected';
    /** JSON of Condition. */
    condition: string;
    /** 0: none. */
    device_id: number;
    since: number;
    ended_at: number | null;
  };
  incident_events: {
    id: Generated<number>;
    incident_id: number;
    time: number;
    kind: string;
    by: string | null;
    text: string | null;
    detail: Generated<string>;
  };
  /** What somebody is to be told, in order; `planned_at`: it has become deliveries. */
  notices: {
    id: Generated<number>;
    incident_id: number | null;
    kind: NoticeKind;
    time: number;
    detail: Generated<string>;
    planned_at: number | null;
  };
  status_messages: {
    id: Generated<number>;
    service_id: number | null;
    incident_id: number | null;
    state: 'disturbed' | 'down' | 'maintenance';
    title: string;
    text: string;
    since: number;
    ended_at: number | null;
    updated_at: number;
    updated_by: string | null;
  };
  drills: {
    id: Generated<number>;
    incident_id: number | null;
    name: string;
    scenario: string;
    /** Whose fault is played, and its name and place at that time. */
    device_id: number;
    device: string;
    place: string;
    started_at: number;
    started_by: string;
    ended_at: number | null;
    result: string | null;
  };
  /** On which documented device an agent runs. */
  agent_places: { agent_id: number; device_id: number };
}
