import type { Database } from '../database/tables.ts';

/** Before it is known how often something speaks. */
const defaultIntervalSeconds = 60;

/** Devices about which programs write by themselves, and how often: see `feeds`. */
export async function fedDevices(db: Database): Promise<Map<number, { intervalSeconds: number }>> {
  const rows = await db
    .selectFrom('feed_sources')
    .select(['device_id', 'interval_seconds'])
    .where('device_id', 'is not', null)
    .execute();
  const fed = new Map<number, { intervalSeconds: number }>();
  for (const { device_id, interval_seconds } of rows) {
    if (device_id === null) continue;
    const intervalSeconds = interval_seconds ?? defaultIntervalSeconds;
    const known = fed.get(device_id)?.intervalSeconds ?? Number.POSITIVE_INFINITY;
    fed.set(device_id, { intervalSeconds: Math.min(known, intervalSeconds) });
  }
  return fed;
}
