import type { BackupOutcome, DeviceRole, VersionRow } from '@rackhaus/config/contract';
import type { Generated, Selectable } from 'kysely';

/**
 * Times are milliseconds since 1970, UTC. Devices are named without a reference: what was backed up stays when a device is deleted, and
 * is there when that is undone.
 */
export interface ConfigurationTables {
  shell_logins: {
    id: Generated<number>;
    name: string;
    /** JSON of ShellLogin, sealed by the secret box. */
    sealed: string;
    old_algorithms: number;
    changed_at: number;
    /** JSON: ids of the agents that have got it as it is now. */
    handed_to: string;
  };
  shell_login_rules: { login_id: number; site_id: number | null; role: DeviceRole | null };
  /** Those that can be taken back; `rules` and `device_ids` (those that had it by hand) are JSON. */
  deleted_shell_logins: {
    id: number;
    name: string;
    sealed: string;
    old_algorithms: number;
    handed_to: string;
    rules: string;
    device_ids: string;
    deleted_at: number;
  };
  configuration_devices: {
    device_id: number;
    active: number;
    /** By hand; null: by a rule. */
    login_id: number | null;
    port: number;
    /** JSON: keys as in known_hosts. */
    host_keys: string;
    host_keys_at: number | null;
    /** Those that have answered in the place of the known ones; JSON. */
    offered_keys: string;
    tried_at: number | null;
    outcome: BackupOutcome | null;
    detail: string | null;
    read_at: number | null;
    failing_since: number | null;
  };
  configuration_versions: {
    id: Generated<number>;
    device_id: number;
    profile: string;
    taken_at: number;
    seen_at: number;
    /** The text, deflated, as base64, sealed. */
    sealed: string;
    /** HMAC of what is compared. */
    print: string;
    lines: number;
    added: number;
    removed: number;
    why: VersionRow['why'];
    covering: string | null;
    reviewed_at: number | null;
    reviewed_by: string | null;
  };
  /** `key`: the one by which secrets are told apart; sealed. */
  configuration_settings: { key: string; sealed: string };
}
export type BackedUp = Selectable<ConfigurationTables['configuration_devices']>;
export type KeptVersion = Selectable<ConfigurationTables['configuration_versions']>;
