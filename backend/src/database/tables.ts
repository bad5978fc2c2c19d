import type { Kysely } from 'kysely';
import type { AccessTables } from '../access/tables.ts';
import type { AlertingTables } from '../alerting/tables.ts';
import type { DriftTables } from '../cabling/drift/tables.ts';
import type { OrderTables } from '../cabling/orders/tables.ts';
import type { HistoryTables } from '../history/tables.ts';
import type { InventoryTables } from '../inventory/tables.ts';
import type { MonitoringTables } from '../monitoring/tables.ts';
import type { OnCallTables } from '../on-call/tables.ts';

/** Every table of the database: each domain declares its own and is merged in here. */
export interface Tables
  extends AccessTables,
    HistoryTables,
    InventoryTables,
    MonitoringTables,
    DriftTables,
    OrderTables,
    AlertingTables,
    OnCallTables {}

/** What queries run on: the database itself or, inside `transaction().execute(tx => …)`, that transaction. */
export type Database = Kysely<Tables>;
