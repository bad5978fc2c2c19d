import { checkSettings } from '@rackhaus/config/contract';
import type { Database } from './database/tables.ts';
import type { Changes } from './history/changes.ts';

// Where the simulator answers: agents/simulator/town/services.ts.
const checks = [
  {
    device: 'd3-archiv',
    service: 'd.3 Dokumentenmanagement',
    name: 'Anmeldeseite',
    kind: 'http',
    settings: checkSettings.http.parse({ url: 'http://127.77.10.42:8080/', contains: 'Bitte anmelden' }),
  },
  {
    device: 'monitor',
    service: 'Hausnetz',
    name: 'Name des Archivs',
    kind: 'dns',
    settings: checkSettings.dns.parse({
      port: 5353,
      name: 'archiv.rathaus.example',
      expected: ['127.77.10.42'],
    }),
  },
  {
    device: 'USV alt',
    service: null,
    name: 'USV am Server altakten',
    kind: 'nut',
    settings: checkSettings.nut.parse({ host: '127.77.11.41', ups: 'usv-alt' }),
  },
] as const;

/** Checks of the sample town hall: a website, a name, a UPS that is attached to a server. To be called once. */
export async function bringChecksIn(options: { db: Database; changes: Changes }): Promise<void> {
  const { db, changes } = options;
  const idOf = async (table: 'devices' | 'services', name: string) =>
    (await db.selectFrom(table).select('id').where('name', '=', name).executeTakeFirstOrThrow()).id;
  const rows = await Promise.all(
    checks.map(async ({ device, service, name, kind, settings }) => ({
      device_id: await idOf('devices', device),
      service_id: service === null ? null : await idOf('services', service),
      name,
      kind,
      settings: JSON.stringify(settings),
      interval_seconds: 30,
      active: 1,
      notes: null,
    })),
  );
  await changes.run({ user: { id: null, name: 'Katja Brandt' }, source: 'setup' }, (change) =>
    change.insert('check', rows),
  );
}
