import { Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { expect, onTestFinished, test } from 'vitest';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { NodeSqliteDialect } from './node-sqlite-dialect.ts';
import type { Tables } from './tables.ts';

test('an inventory of the version before keeps its devices, cables and places', async () => {
  const db = new Kysely<Tables>({ dialect: new NodeSqliteDialect({ file: ':memory:', waitMs: 1000 }) });
  onTestFinished(() => db.destroy());
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  expect((await migrator.migrateTo('003-monitoring')).error).toBeUndefined();
  for (const statement of [
    `insert into sites values (1, 'S', 0)`,
    `insert into buildings values (1, 1, 'B', 0)`,
    `insert into floors values (1, 1, 'F', 0)`,
    `insert into rooms values (1, 1, 1, 'R', 'r', 0)`,
    `insert into racks values (1, 1, 'K', 'k', '', 42, 0)`,
    `insert into device_types values (1, 't', 'M', 'T', 2, 'full', 1, '{}')`,
    `insert into devices values (7, 'd', 'd', 1, 'server', 1, 1, 3, 'front', 'full', 'SN')`,
    `insert into outlets values (1, 'o', 'o', 1)`,
    `insert into ports values (1, 7, null, 'network', 'eth0', 'eth0', 0, 0, 1, null, null)`,
    `insert into ports values (2, null, 1, 'front', '1', '1', 0, 1, 1, null, null)`,
    `insert into links values (1, 'patch', 'K1', 'k1', null, 2)`,
    `insert into link_ends values (1, 'a', 1, 'front'), (1, 'b', 2, 'front')`,
    `insert into device_monitoring values (7, '10.0.0.1', 161, null, null, 60, 1, '[]')`,
  ])
    await sql.raw(statement).execute(db);

  await migrate(db);

  expect(await db.selectFrom('devices').selectAll().execute()).toMatchObject([
    { id: 7, name: 'd', status: 'active', room_id: 1, rack_id: 1, position: 3, serial: 'SN' },
  ]);
  expect(await db.selectFrom('ports').select('id').execute()).toHaveLength(2);
  expect(await db.selectFrom('link_ends').select(['link_id', 'port_id']).execute()).toHaveLength(2);
  expect(await db.selectFrom('device_monitoring').select(['device_id', 'address']).execute()).toEqual([
    { device_id: 7, address: '10.0.0.1' },
  ]);
  expect(await db.selectFrom('outlets').select('jacks').execute()).toEqual([{ jacks: 1 }]);
  // Two units, front and rear, left and right, in halves.
  expect(await db.selectFrom('rack_slots').selectAll().execute()).toHaveLength(16);
  await expect(sql`delete from rooms`.execute(db)).rejects.toThrow('FOREIGN KEY');
});
