import type { Generated } from 'kysely';

export interface FederationTables {
  sign_in_sources: {
    id: Generated<number>;
    name: string;
    name_key: string;
    /** 0 or 1 */
    enabled: number;
    /** JSON of SignInSettings */
    settings: string;
    /** JSON of GroupRule[] */
    rules: string;
    /** Client secret or password of the own account. */
    sealed: string | null;
    /** JSON of SignInRefusal */
    last_refusal: Generated<string | null>;
    created_at: number;
  };
  /** Whose account is whose elsewhere: by what never changes there, never by name. */
  user_identities: {
    source_id: number;
    /** The provider's issuer (OIDC); '' for a directory, whose ids are unique everywhere. */
    issuer: string;
    /** sub; entryUUID, objectGUID or the like */
    subject: string;
    user_id: number;
    last_seen_at: number;
  };
}
