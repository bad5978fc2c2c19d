import { isInNetwork, isIpAddress, networkText, parseNetwork } from '@rackhaus/config/contract';
import type { Kysely } from 'kysely';

/** Private addresses: RFC 1918 and RFC 4193. */
const privateNetworks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'];

type Own = {
  agents: { id: number; token_hash: string; created_at: number };
  device_monitoring: { address: string };
  agent_keys: { agent_id: number; key_hash: string; created_at: number; used_at: number | null };
  polled_networks: { network: string; site_id: number | null; note: string };
};

/** Keys of agents and how they join, tokens of programs, networks that may be polled. See access/tables.ts and monitoring/tables.ts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const own = db.withTables<Own>();
  await db.schema
    .createTable('agent_keys')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('agent_id', 'integer', (c) => c.notNull().references('agents.id').onDelete('cascade'))
    .addColumn('key_hash', 'text', (c) => c.notNull().unique())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('used_at', 'bigint')
    .addColumn('replaced_at', 'bigint')
    .execute();
  await db.schema.createIndex('agent_keys_of_agent').on('agent_keys').column('agent_id').execute();
  await db.schema
    .createTable('agent_enrolments')
    .addColumn('agent_id', 'integer', (c) => c.primaryKey().references('agents.id').onDelete('cascade'))
    .addColumn('token_hash', 'text', (c) => c.notNull().unique())
    .addColumn('valid_until', 'bigint', (c) => c.notNull())
    .addColumn('key_hash', 'text')
    .execute();
  await db.schema
    .createTable('revoked_agents')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('revoked_at', 'bigint', (c) => c.notNull())
    .addColumn('had', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .alterTable('agents')
    .addColumn('renew_key', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable('agents').addColumn('misused_at', 'bigint').execute();
  await db.schema.alterTable('agents').addColumn('misused_from', 'text').execute();

  // What agents have today is their first key: they notice nothing. A key that was never replaced counts as used.
  for (const { id, token_hash, created_at } of await own.selectFrom('agents').selectAll().execute())
    await own
      .insertInto('agent_keys')
      .values({ agent_id: id, key_hash: token_hash, created_at, used_at: created_at })
      .execute();

  await db.schema
    .createTable('api_tokens')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('user_id', 'integer', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('token_hash', 'text', (c) => c.notNull().unique())
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('sites', 'text')
    .addColumn('read_only', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('ends_at', 'bigint', (c) => c.notNull())
    .addColumn('last_used_at', 'bigint')
    .addColumn('last_used_from', 'text')
    .execute();
  await db.schema.createIndex('api_tokens_of_user').on('api_tokens').column('user_id').execute();

  // No foreign key to the site: it may be deleted and come back by an undo.
  await db.schema
    .createTable('polled_networks')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('network', 'text', (c) => c.notNull())
    .addColumn('site_id', 'integer')
    .addColumn('note', 'text', (c) => c.notNull().defaultTo(''))
    .addColumn('fixed', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  // Private addresses, and what is polled already: nothing stops being polled by an update.
  const allowed = privateNetworks.flatMap((text) => parseNetwork(text) ?? []);
  const polled = await own.selectFrom('device_monitoring').select('address').distinct().execute();
  const outside = polled.flatMap(({ address }) => {
    if (!isIpAddress(address) || allowed.some((network) => isInNetwork(address, network))) return [];
    const network = parseNetwork(address);
    return network === null ? [] : [networkText(network)];
  });
  for (const network of [...privateNetworks, ...new Set(outside)])
    await own.insertInto('polled_networks').values({ network, site_id: null, note: '' }).execute();
}
