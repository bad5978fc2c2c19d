import type { Kysely } from 'kysely';
import type { FederationTables } from '../access/federation/tables.ts';
import type { AccessTables } from '../access/tables.ts';
import type { AlertingTables } from '../alerting/tables.ts';
import type { AuditTables } from '../audit/tables.ts';
import type { DriftTables } from '../cabling/drift/tables.ts';
import type { OrderTables } from '../cabling/orders/tables.ts';
import type { ConfigurationTables } from '../configurations/tables.ts';
import type { DiscoveryTables } from '../discovery/tables.ts';
import type { FeedTables } from '../feeds/tables.ts';
import type { HistoryTables } from '../history/tables.ts';
import type { InventoryTables } from '../inventory/tables.ts';
import type { MonitoringTables } from '../monitoring/tables.ts';
import type { OnCallTables } from '../on-call/tables.ts';
import type { OutgoingTables } from '../outgoing/tables.ts';
import type { OwnProfileTables } from '../own-profiles/tables.ts';
import type { SwitchingTables } from '../switching/tables.ts';
import type { SyslogTables } from '../syslog/tables.ts';

/** Every table of the database: each domain declares its own and is merged in here. */
export interface Tables
  extends AccessTables,
    FederationTables,
    HistoryTables,
    InventoryTables,
    MonitoringTables,
    DriftTables,
    OrderTables,
    AlertingTables,
    OnCallTables,
    OutgoingTables,
    FeedTables,
    ConfigurationTables,
    DiscoveryTables,
    OwnProfileTables,
    SwitchingTables,
    SyslogTables,
    AuditTables {}

/** What queries run on: the database itself or, inside `transaction().execute(tx => …)`, that transaction. */
export type Database = Kysely<Tables>;
