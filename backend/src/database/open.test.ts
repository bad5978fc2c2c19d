import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from './migrate.ts';
import { openDatabase } from './open.ts';
import type { Database } from './tables.ts';

let folder: string;
let db: Database;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rackhaus-database-'));
  db = await openDatabase(join(folder, 'rackhaus.db'), { waitMs: 200 });
});
afterEach(async () => {
  await db.destroy();
  await rm(folder, { recursive: true });
});

function user(name: string) {
  return { name, name_key: name, password_hash: 'x', role: 'viewer', disabled: 0, created_at: 1 } as const;
}
async function names(): Promise<string[]> {
  return (await db.selectFrom('users').select('name').orderBy('id').execute()).map((row) => row.name);
}

describe('the database', () => {
  it('is safe against power cuts, checks references, and is readable by its owner only', async () => {
    const pragma = async (name: string) => (await sql`${sql.raw(`pragma ${name}`)}`.execute(db)).rows[0];
    expect(await pragma('journal_mode')).toEqual({ journal_mode: 'wal' });
    expect(await pragma('synchronous')).toEqual({ synchronous: 2 });
    expect(await pragma('foreign_keys')).toEqual({ foreign_keys: 1 });
    expect((await stat(join(folder, 'rackhaus.db'))).mode & 0o777).toBe(0o600);
  });

  it('migrates once', async () => {
    expect(await migrate(db)).toEqual([]);
    await db.destroy();
    db = await openDatabase(join(folder, 'rackhaus.db'));
    expect(await migrate(db)).toEqual([]);
  });

  it('refuses a database of a newer version', async () => {
    await sql`insert into kysely_migration values ('999-future', '2099-01-01T00:00:00.000Z')`.execute(db);
    await db.destroy();
    await expect(openDatabase(join(folder, 'rackhaus.db'))).rejects.toThrow(/newer version.*"999-future"/);
    db = await openDatabase(':memory:');
  });

  it('rolls a failed transaction back', async () => {
    const failing = db.transaction().execute(async (tx) => {
      await tx.insertInto('users').values(user('anna')).execute();
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await names()).toEqual([]);
  });

  it('keeps other queries out of a transaction', async () => {
    const order: string[] = [];
    const first = db.transaction().execute(async (tx) => {
      await tx.insertInto('users').values(user('anna')).execute();
      await new Promise((resolve) => setImmediate(resolve));
      order.push('first');
      throw new Error('undone');
    });
    const second = db
      .insertInto('users')
      .values(user('bernd'))
      .execute()
      .then(() => order.push('second'));
    const third = db.transaction().execute(async (tx) => {
      await tx.insertInto('users').values(user('clara')).execute();
      order.push('third');
    });
    await Promise.allSettled([first, second, third]);
    expect(order).toEqual(['first', 'second', 'third']);
    expect(await names()).toEqual(['bernd', 'clara']);
  });

  it('says so when the outer handle is used inside a transaction, and goes on afterwards', async () => {
    const stuck = db.transaction().execute(async (tx) => {
      await tx.insertInto('users').values(user('anna')).execute();
      await names();
    });
    await expect(stuck).rejects.toThrow(/outer handle/);
    expect(await names()).toEqual([]);
  });

  it('takes savepoints', async () => {
    const transaction = await db.startTransaction().execute();
    await transaction.insertInto('users').values(user('anna')).execute();
    const saved = await transaction.savepoint('here').execute();
    await saved.insertInto('users').values(user('bernd')).execute();
    await saved.rollbackToSavepoint('here').execute();
    await transaction.commit().execute();
    expect(await names()).toEqual(['anna']);
  });

  it('reports what was changed and inserted', async () => {
    const inserted = await db.insertInto('users').values(user('anna')).executeTakeFirstOrThrow();
    expect(inserted.insertId).toBe(1n);
    const row = await db.insertInto('users').values(user('bernd')).returning('id').executeTakeFirstOrThrow();
    expect(row.id).toBe(2);
    const changed = await db.updateTable('users').set({ disabled: 1 }).executeTakeFirstOrThrow();
    expect(changed.numUpdatedRows).toBe(2n);
  });
});
