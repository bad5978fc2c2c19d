import type { AccountLinkKind, AccountSource, GivenRole, Role } from '@rackhaus/config/contract';
import type { Generated } from 'kysely';

/** Times are milliseconds since 1970, UTC. Tokens are stored as their SHA-256 only. */
export interface AccessTables {
  users: {
    id: Generated<number>;
    name: string;
    /** The name as it is compared: NFKC, lower case. Unique. */
    name_key: string;
    /** '' while there is none: invited, or signing in elsewhere. */
    password_hash: string;
    role: Role;
    /** 0 or 1 */
    disabled: number;
    created_at: number;
    /** 0 or 1; 0: limited to those in `user_sites`, which may be none. */
    every_site: Generated<number>;
    /** Where passwords are checked: here, or by somebody else whom we ask. */
    source: Generated<AccountSource>;
    last_sign_in_at: Generated<number | null>;
    /** What authenticators know this account by: random, so that it says nothing. Made with the first passkey. */
    passkey_handle: Generated<string | null>;
    /** 0 or 1: whether they may switch outlets, which no role gives. */
    may_switch: Generated<number>;
  };
  user_sites: { user_id: number; site_id: number };
  sessions: {
    /** Stays while the token is replaced. */
    id: Generated<number>;
    token_hash: string;
    /** Exactly one of `user_id` and `kiosk_link_id` is set. */
    user_id: number | null;
    kiosk_link_id: number | null;
    created_at: number;
    last_used_at: number;
    /** When this person last showed that it is they. */
    confirmed_at: number;
    address: string | null;
    user_agent: string | null;
    method: string | null;
  };
  /** An app that shows one-time codes (TOTP): one per person. */
  authenticators: {
    user_id: number;
    /** The secret, sealed; null until it has been confirmed by a code. */
    sealed: string | null;
    /** The time step of the last code that counted: none counts twice. */
    last_counter: Generated<number>;
    since: number | null;
    /** One that is being set up. */
    pending_sealed: string | null;
    pending_since: number | null;
  };
  recovery_codes: { user_id: number; code_hash: string; used_at: number | null };
  passkeys: {
    id: Generated<number>;
    user_id: number;
    /** base64url, as the two that follow are. */
    credential_id: string;
    public_key: string;
    counter: number;
    /** Separated by commas. */
    transports: string;
    name: string;
    created_at: number;
    last_used_at: number | null;
  };
  /** Invitations and links to set a new password: one per person, deleted when it is used. */
  account_links: {
    user_id: number;
    kind: AccountLinkKind;
    token_hash: string;
    created_at: number;
    expires_at: number;
  };
  /** `value` is JSON. */
  security_settings: { key: string; value: string; updated_at: number; updated_by: string | null };
  kiosk_links: {
    id: Generated<number>;
    name: string;
    path: string;
    token_hash: string;
    created_at: number;
    last_used_at: number | null;
  };
  agents: {
    id: Generated<number>;
    name: string;
    name_key: string;
    /** Once its key. Now keys are in `agent_keys`; the column is unique and not empty, and means nothing. */
    token_hash: string;
    created_at: number;
    /** Who takes over its devices while it is silent. */
    standby_agent_id: Generated<number | null>;
    /** 0 or 1: it shall take a new key. */
    renew_key: Generated<number>;
    /** When and from where a key was used that had been replaced. */
    misused_at: Generated<number | null>;
    misused_from: Generated<string | null>;
  };
  /** Every key that an agent has had: what was replaced is known again when somebody uses it. */
  agent_keys: {
    id: Generated<number>;
    agent_id: number;
    key_hash: string;
    created_at: number;
    /** When it was first used; null: its agent has announced it. */
    used_at: number | null;
    /** When its successor was first used: from then on it is refused. */
    replaced_at: Generated<number | null>;
  };
  /** Agents that were revoked a short time ago: what each had, as JSON, so that it can come back. */
  revoked_agents: { id: number; name: string; revoked_at: number; had: string };
  /** The token by which an agent joins: once, with the key that is named first. */
  agent_enrolments: { agent_id: number; token_hash: string; valid_until: number; key_hash: string | null };
  /** What programs of people come with. */
  api_tokens: {
    id: Generated<number>;
    user_id: number;
    name: string;
    token_hash: string;
    role: GivenRole;
    /** JSON array of sites; null: all that the person may see. */
    sites: string | null;
    /** 0 or 1 */
    read_only: number;
    /** 0 or 1; counts only while its owner may. */
    may_switch: Generated<number>;
    created_at: number;
    ends_at: number;
    last_used_at: number | null;
    last_used_from: string | null;
  };
  /** The sites whose devices an agent polls. A site has one agent at most. */
  agent_sites: { site_id: number; agent_id: number };
}
