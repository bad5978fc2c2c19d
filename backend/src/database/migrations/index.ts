import type { Migration } from 'kysely/migration';
import * as access from './001-access.ts';
import * as inventory from './002-inventory.ts';
import * as monitoring from './003-monitoring.ts';
import * as records from './004-records.ts';
import * as historyUsers from './005-history-users.ts';
import * as search from './005-search.ts';
import * as sightings from './006-sightings.ts';
import * as cabling from './007-cabling.ts';
import * as orderSettings from './008-order-settings.ts';
import * as drift from './009-drift.ts';
import * as labelSchemes from './010-label-schemes.ts';
import * as alerting from './011-alerting.ts';
import * as calendarLinks from './012-calendar-links.ts';

/** Every change of the schema, in order. A released one is never edited: add the next number. */
export const migrations: Record<string, Migration> = {
  '001-access': access,
  '002-inventory': inventory,
  '003-monitoring': monitoring,
  '004-records': records,
  '005-search': search,
  '005-history-users': historyUsers,
  '006-sightings': sightings,
  '007-cabling': cabling,
  '008-order-settings': orderSettings,
  '009-drift': drift,
  '010-label-schemes': labelSchemes,
  '011-alerting': alerting,
  '012-calendar-links': calendarLinks,
};
