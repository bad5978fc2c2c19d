import type { AuditAction, AuditByKind, AuditKind, AuditOutcome } from '@rackhaus/config/contract';
import type { Generated } from 'kysely';

/** Times are milliseconds since 1970, UTC. Hashes are hex. How they are made: chain.ts. */
export interface AuditTables {
  /** Append-only: triggers refuse updates, and deletions outside a gap. */
  audit_log: {
    /** Without gaps, from 1. */
    number: number;
    time: number;
    kind: AuditKind;
    action: AuditAction;
    outcome: AuditOutcome;
    by_kind: AuditByKind;
    subject_kind: string | null;
    /** Of a person: in `audit_people`. */
    subject_id: string | null;
    subject_name: string | null;
    /** JSON object. */
    detail: string;
    /** Commitment to what `audit_people` holds of this row. */
    people: string;
    hash: string;
  };
  /** Who: apart, so that it can be replaced by a pseudonym without breaking the chain. */
  audit_people: {
    number: number;
    by_id: number | null;
    by_name: string;
    address: string | null;
    /** Only of a subject that is a person. */
    subject_id: string | null;
    subject_name: string | null;
    /** Base64url; null: replaced by pseudonyms, what was there cannot be found out from the commitment. */
    salt: string | null;
    /** Of pseudonyms: that they were put there by whoever has the key. */
    mac: string | null;
  };
  /** What retention has deleted: numbers `first` to `last`, the hash before them and the last one's. */
  audit_gaps: {
    id: Generated<number>;
    first: number;
    last: number;
    hash_before: string;
    hash_last: string;
    mac: string;
  };
  /** Which credentials an agent has got; a fingerprint says nothing without the key of the log. */
  audit_handed_out: { agent_id: number; fingerprint: string; time: number };
  /** Settings and positions by name, as JSON; secrets sealed. */
  audit_settings: { key: string; value: string; sealed: string | null };
}
