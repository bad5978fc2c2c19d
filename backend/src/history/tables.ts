import type { RecordKind } from '@rackhaus/config/contract';
import type { Generated } from 'kysely';

/**
 * One row of `changes` is one thing that somebody did; its events are what it did to each row, in order. `before` and
 * `after` are JSON: see EventData in events.ts. `counts` is the JSON of ChangeEntry's. Scopes say in whose history an event
 * belongs besides its own object's: a device's move in those of both racks. Sites of an event say where its record was and is, as
 * JSON; null where that side is null, and where nobody knows any more.
 */
export interface HistoryTables {
  changes: {
    id: Generated<number>;
    time: number;
    user_id: number | null;
    user_name: string;
    source: 'person' | 'import' | 'undo' | 'agent' | 'setup' | 'system';
    reason: string | null;
    order_id: number | null;
    undoes: number | null;
    undone_by: number | null;
    counts: string;
    first_kind: RecordKind | null;
    first_id: number | null;
    first_name: string | null;
  };
  change_events: {
    id: Generated<number>;
    change_id: number;
    kind: RecordKind;
    /** 0: several rows of one owner, which the scope names. */
    object_id: number;
    name: string;
    before: string | null;
    after: string | null;
    count: number;
    before_sites: string | null;
    after_sites: string | null;
  };
  change_sites: { site_id: number; change_id: number };
  change_scopes: { kind: RecordKind; object_id: number; event_id: number };
}
