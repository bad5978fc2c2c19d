import type {
  AuditByKind,
  OutletState,
  SnmpCredentials,
  SwitchCommand,
  Switching,
  SwitchReason,
} from '@rackhaus/config/contract';

/** Times are milliseconds since 1970, UTC. */
export interface SwitchingTables {
  /** With what is written to a device. One for each device: there is no rule that gives it to others. */
  switch_credentials: {
    device_id: number;
    /** JSON of SnmpCredentials, sealed by the secret box. */
    sealed: string;
    version: SnmpCredentials['version'];
    set_at: number;
    set_by: string;
    /** JSON: ids of the agents that have got it as it is now. */
    handed_to: string;
    /** Where the device was when they were set: they are handed out for no other address, which others than their owner may write. */
    for_address: string | null;
  };
  outlet_locks: {
    device_id: number;
    outlet: string;
    note: string;
    locked_by: string;
    locked_at: number;
    /** Which of several units behind one address it belonged to then; null: not known. */
    unit: string | null;
  };
  /** What was ordered, from before it was handed out. Devices and people are named without a reference. */
  switchings: {
    id: string;
    device_id: number;
    device_name: string;
    outlet: string;
    command: SwitchCommand;
    user_id: number;
    by_kind: AuditByKind;
    by_id: number | null;
    by_name: string;
    address: string | null;
    reason: string | null;
    /** JSON: ids of the devices that lose something when the outlet is off, by the documentation. */
    affected: string;
    at: number;
    ended_at: number | null;
    state: Switching['state'];
    why: SwitchReason | null;
    before: OutletState | null;
    after: OutletState | null;
    detail: string | null;
  };
}
