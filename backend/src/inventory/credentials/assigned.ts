import type { DeviceRole } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';

export interface CredentialRule {
  readonly credential_id: number;
  readonly site_id: number | null;
  readonly role: DeviceRole | null;
}

/** What decides which credentials a device gets. */
export interface Assignee {
  /** Its own, if it names any. */
  readonly credentialId: number | null;
  /** null: it is in no room. */
  readonly siteId: number | null;
  readonly role: DeviceRole;
}

/** The set of credentials for a device: its own, else that of the narrowest rule: site and role, site, role, all. */
export function credentialFor(rules: readonly CredentialRule[], device: Assignee): number | null {
  if (device.credentialId !== null) return device.credentialId;
  const { siteId, role } = device;
  const find = (site: number | null, of: DeviceRole | null) =>
    rules.find((rule) => rule.site_id === site && rule.role === of)?.credential_id;
  const bySite = siteId === null ? undefined : (find(siteId, role) ?? find(siteId, null));
  return bySite ?? find(null, role) ?? find(null, null) ?? null;
}

export function credentialRules(db: Database): Promise<CredentialRule[]> {
  return db.selectFrom('credential_rules').select(['credential_id', 'site_id', 'role']).execute();
}
