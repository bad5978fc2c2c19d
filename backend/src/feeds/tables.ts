import type { Generated } from 'kysely';

/** Times are milliseconds since 1970, UTC. Tokens are stored as their SHA-256 only; flags are 0 or 1. */
export interface FeedTables {
  feeds: {
    id: Generated<number>;
    name: string;
    name_key: string;
    token_hash: string;
    created_at: number;
    last_seen_at: number | null;
    points: Generated<number>;
    /** Lines that could not be read. */
    rejected: Generated<number>;
  };
  feed_sources: {
    id: Generated<number>;
    feed_id: number;
    /** JSON of the tags that tell it from others, sorted by name. */
    tags: string;
    /** What people see as its name: the newest value of the tag that names it. */
    label: string;
    device_id: number | null;
    ignored: Generated<number>;
    first_seen_at: number;
    last_seen_at: number;
    points: Generated<number>;
    /** Points that were let go before anybody had mapped it. */
    dropped: Generated<number>;
    /** How often it speaks, as learnt; null: not known yet. */
    interval_seconds: number | null;
    /** JSON of what it sends; see SeenField. */
    content: Generated<string>;
  };
  feed_waiting: {
    id: Generated<number>;
    source_id: number;
    received_at: number;
    points: number;
    /** Of `pack`. */
    bytes: number;
    /** Points, compressed. */
    pack: Uint8Array;
  };
  feed_fields: {
    id: Generated<number>;
    feed_id: number;
    measurement: string;
    field: string;
    metric: string;
    /** How the entity is called: text with `{tag}` filled in; empty for metrics of the device itself. */
    entity: Generated<string>;
    factor: Generated<number>;
    rate: Generated<number>;
  };
}
