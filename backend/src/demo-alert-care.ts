import { timeZone } from './alert-care/maintenance/windows.ts';
import type { Database } from './database/tables.ts';
import type { Changes } from './history/changes.ts';
import { Temporal } from './temporal.ts';

const day = 86_400_000;

/** What the sample town hall has announced: maintenance that is to come, and what colleagues read of it. To be called once. */
export async function bringAlertCareIn(options: {
  db: Database;
  changes: Changes;
  now: number;
}): Promise<void> {
  const { db, changes, now } = options;
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone).toPlainDate();
  // Never today: nobody wonders then why the demo's fault is held.
  const saturday = today.add({ days: ((6 - today.dayOfWeek + 6) % 7) + 1 });
  const at = (plainTime: string) => saturday.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds;
  const idOf = async (table: 'devices' | 'services', name: string) =>
    (await db.selectFrom(table).select('id').where('name', '=', name).executeTakeFirstOrThrow()).id;
  const hotspot = await idOf('devices', 'hotspot-bahnhof');
  const backup = await idOf('services', 'Datensicherung');
  await changes.run({ user: { id: null, name: 'Katja Brandt' }, source: 'setup' }, (change) =>
    change.insert('maintenance', [
      {
        name: 'Hotspot am Bahnhof wird ausgetauscht',
        scope: 'device',
        device_id: hotspot,
        from: at('08:00'),
        until: at('12:00'),
        recurrence: 'null',
        reason: 'Neues Gerät von Netzwerk Nord',
      },
      {
        name: 'Rücksicherung wird geprobt',
        scope: 'service',
        service_id: backup,
        from: at('13:00'),
        until: at('15:00'),
        recurrence: JSON.stringify({ every: 'month', nth: 1, day: 6 }),
        reason: null,
      },
    ]),
  );
  const by = { updated_by: 'Katja Brandt', incident_id: null };
  await db
    .insertInto('status_messages')
    .values([
      {
        service_id: await idOf('services', 'Öffentliches WLAN'),
        state: 'maintenance',
        title: 'Hotspot am Bahnhof am Samstagvormittag nicht verfügbar',
        text: 'Das Gerät wird ausgetauscht. Dorfmitte und Hohenholte sind nicht betroffen.',
        since: at('08:00'),
        ended_at: null,
        updated_at: now - day,
        ...by,
      },
      {
        service_id: await idOf('services', 'Telefonie'),
        state: 'disturbed',
        title: 'Telefonie war gestört',
        text: 'Ausgehende Gespräche kamen zeitweise nicht zustande. Der Anbieter hat den Fehler behoben.',
        since: now - 2 * day - 3_600_000,
        ended_at: now - 2 * day,
        updated_at: now - 2 * day,
        ...by,
      },
    ])
    .execute();
}
