import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import type { KnownAgent } from './agent-keys.ts';
import { nameKey } from './tokens.ts';

const keptMs = 24 * 3_600_000;

/** What an agent leaves behind. Of its keys the hashes, as they were stored. */
const Had = z.strictObject({
  createdAt: z.number(),
  standbyAgentId: z.int().nullable(),
  standsInFor: z.array(z.int()),
  siteIds: z.array(z.int()),
  deviceIds: z.array(z.int()),
  keys: z.array(
    z.strictObject({
      key_hash: z.string(),
      created_at: z.number(),
      used_at: z.number().nullable(),
      replaced_at: z.number().nullable(),
    }),
  ),
});

/** Deletes an agent with all that is its own, and remembers what it had. @throws AppError `not-found` */
export async function deleteAgent(tx: Database, id: number, now: number): Promise<KnownAgent> {
  const agent = await tx.selectFrom('agents').selectAll().where('id', '=', id).executeTakeFirst();
  if (agent === undefined) throw new AppError('not-found', `There is no agent ${id}.`);
  const sites = await tx.selectFrom('agent_sites').select('site_id').where('agent_id', '=', id).execute();
  const devices = await tx
    .selectFrom('agent_devices')
    .select('device_id')
    .where('agent_id', '=', id)
    .execute();
  const covered = await tx.selectFrom('agents').select('id').where('standby_agent_id', '=', id).execute();
  const keys = await tx
    .selectFrom('agent_keys')
    .select(['key_hash', 'created_at', 'used_at', 'replaced_at'])
    .where('agent_id', '=', id)
    .execute();
  const had: z.input<typeof Had> = {
    createdAt: agent.created_at,
    standbyAgentId: agent.standby_agent_id,
    standsInFor: covered.map((other) => other.id),
    siteIds: sites.map((row) => row.site_id),
    deviceIds: devices.map((row) => row.device_id),
    keys,
  };
  await forgetRevoked(tx, now);
  await tx
    .insertInto('revoked_agents')
    .values({ id, name: agent.name, revoked_at: now, had: JSON.stringify(had) })
    .execute();
  await tx.deleteFrom('agents').where('id', '=', id).execute();
  return { id, name: agent.name };
}

/** Brings an agent back, with what nobody else has taken since. @throws AppError `not-found`; `conflict`: its name is taken */
export async function restoreAgent(tx: Database, id: number): Promise<KnownAgent> {
  const row = await tx.selectFrom('revoked_agents').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined)
    throw new AppError('not-found', `There is no revoked agent ${id} that could come back.`);
  const { name } = row;
  const had = Had.parse(JSON.parse(row.had));
  const others = new Set((await tx.selectFrom('agents').select('id').execute()).map((agent) => agent.id));
  const made = await tx
    .insertInto('agents')
    .values({
      id,
      name,
      name_key: nameKey(name),
      token_hash: randomUUID(),
      created_at: had.createdAt,
      standby_agent_id: others.has(had.standbyAgentId ?? 0) ? had.standbyAgentId : null,
    })
    .onConflict((conflict) => conflict.column('name_key').doNothing())
    .executeTakeFirst();
  if (made.numInsertedOrUpdatedRows === 0n)
    throw new AppError('conflict', `There is another agent "${name}" now.`);
  for (const key of had.keys)
    await tx
      .insertInto('agent_keys')
      .values({ agent_id: id, ...key })
      .execute();
  for (const site_id of had.siteIds)
    await tx
      .insertInto('agent_sites')
      .values({ site_id, agent_id: id })
      .onConflict((conflict) => conflict.column('site_id').doNothing())
      .execute();
  for (const device_id of had.deviceIds)
    await tx
      .insertInto('agent_devices')
      .values({ device_id, agent_id: id })
      .onConflict((conflict) => conflict.column('device_id').doNothing())
      .execute();
  for (const other of had.standsInFor)
    await tx
      .updateTable('agents')
      .set({ standby_agent_id: id })
      .where('id', '=', other)
      .where('standby_agent_id', 'is', null)
      .execute();
  await tx.deleteFrom('revoked_agents').where('id', '=', id).execute();
  return { id, name };
}

/** Forgets those whose time to come back is over. */
export async function forgetRevoked(db: Database, now: number): Promise<void> {
  await db
    .deleteFrom('revoked_agents')
    .where('revoked_at', '<=', now - keptMs)
    .execute();
}
