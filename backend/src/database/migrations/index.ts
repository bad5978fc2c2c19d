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
import * as feeds from './013-feeds.ts';
import * as agents from './014-agents.ts';
import * as userSites from './015-user-sites.ts';
import * as people from './016-people.ts';
import * as signInSources from './017-sign-in-sources.ts';
import * as machines from './018-machines.ts';
import * as outgoing from './019-outgoing.ts';
import * as audit from './020-audit.ts';
import * as discovery from './021-discovery.ts';
import * as ownProfiles from './022-profiles.ts';
import * as checks from './023-checks.ts';
import * as syslog from './024-syslog.ts';
import * as configurations from './025-configurations.ts';
import * as switching from './026-switching.ts';
import * as deletedLogins from './028-deleted-logins.ts';
import * as severeMessages from './029-severe-messages.ts';
import * as lockUnits from './030-lock-units.ts';
import * as changeSites from './031-change-sites.ts';

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
  '013-feeds': feeds,
  '014-agents': agents,
  '015-user-sites': userSites,
  '016-people': people,
  '017-sign-in-sources': signInSources,
  '019-outgoing': outgoing,
  '018-machines': machines,
  '020-audit': audit,
  '022-profiles': ownProfiles,
  '021-discovery': discovery,
  '023-checks': checks,
  '024-syslog': syslog,
  '025-configurations': configurations,
  '026-switching': switching,
  '029-severe-messages': severeMessages,
  '028-deleted-logins': deletedLogins,
  '030-lock-units': lockUnits,
  '031-change-sites': changeSites,
};
