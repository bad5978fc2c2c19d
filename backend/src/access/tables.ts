import type { Role } from '@rackhaus/config/contract';
import type { Generated } from 'kysely';

/** Times are milliseconds since 1970, UTC. Tokens are stored as their SHA-256 only. */
export interface AccessTables {
  users: {
    id: Generated<number>;
    name: string;
    /** The name as it is compared: NFKC, lower case. Unique. */
    name_key: string;
    password_hash: string;
    role: Role;
    /** 0 or 1 */
    disabled: number;
    created_at: number;
  };
  sessions: {
    token_hash: string;
    /** Exactly one of `user_id` and `kiosk_link_id` is set. */
    user_id: number | null;
    kiosk_link_id: number | null;
    created_at: number;
    last_used_at: number;
  };
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
    token_hash: string;
    created_at: number;
  };
}
