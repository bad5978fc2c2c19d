/** A column whose texts are sealed by the secret box. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** The columns that name a row. */
  readonly key: readonly string[];
  /** `part`: sealed texts stand within a longer one, such as JSON. */
  readonly holds?: 'part';
}

/**
 * Every column with sealed texts: the rotation of the key seals them anew. Whoever seals a new one adds it here; a test looks for
 * sealed columns that are missing.
 */
export const sealedColumns: readonly SealedColumn[] = [
  { table: 'credentials', column: 'sealed', key: ['id'] },
  { table: 'checks', column: 'sealed', key: ['id'] },
  { table: 'shell_logins', column: 'sealed', key: ['id'] },
  { table: 'deleted_shell_logins', column: 'sealed', key: ['id'] },
  { table: 'configuration_versions', column: 'sealed', key: ['id'] },
  { table: 'configuration_settings', column: 'sealed', key: ['key'] },
  { table: 'switch_credentials', column: 'sealed', key: ['device_id'] },
  { table: 'channels', column: 'sealed', key: ['id'] },
  { table: 'alert_settings', column: 'sealed', key: ['key'] },
  // What a set of credentials was before a change is kept for undo, as sealed as it was.
  { table: 'change_events', column: 'before', key: ['id'], holds: 'part' },
  { table: 'change_events', column: 'after', key: ['id'], holds: 'part' },
  { table: 'sign_in_sources', column: 'sealed', key: ['id'] },
  { table: 'audit_settings', column: 'sealed', key: ['key'] },
  { table: 'authenticators', column: 'sealed', key: ['user_id'] },
  { table: 'authenticators', column: 'pending_sealed', key: ['user_id'] },
];
