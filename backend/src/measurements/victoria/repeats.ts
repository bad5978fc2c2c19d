import type { VictoriaClient } from './client.ts';

const measurement = 'rackhaus_repeat';

/** Writes a value of this time twice, as when an answer was lost and a batch is sent again. @throws StoreUnavailable */
export async function writeTwice(client: VictoriaClient, time: number): Promise<void> {
  for (let i = 0; i < 2; i++) await client.write(Buffer.from(`${measurement} seen=1 ${time}\n`));
}

/**
 * Whether the server counts what was written twice at this time as one; undefined while it does not show yet.
 * @throws StoreUnavailable
 */
export async function countsOnce(client: VictoriaClient, time: number): Promise<boolean | undefined> {
  const [series] = await client.query(`count_over_time(${measurement}_seen[1ms])`, time);
  const count = series?.points[0]?.value;
  return count === undefined ? undefined : count === 1;
}
