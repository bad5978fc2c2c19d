export interface OwnProfileTables {
  /** What people have written, each text as a version that stays as it is. Times are milliseconds since 1970, UTC. */
  profile_versions: {
    profile_id: string;
    version: number;
    title: string;
    text: string;
    note: string;
    created_at: number;
    /** Name of who wrote it. */
    created_by: string;
  };
  /** Which version agents use; null: none. Deleted ones can be restored: their versions stay, and which was active. */
  own_profiles: { profile_id: string; active_version: number | null; deleted_at: number | null };
}
