import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../database/open.ts';
import { openKeyRing } from './key-ring.ts';
import { type RotationStep, rotateKey } from './rotate.ts';
import { sealedColumns } from './sealed-columns.ts';
import { openSecretBox, sealedText } from './secret-box.ts';

let folder: string;
let database: string;
let keyFile: string;
/** Wherever it stands in the file: right behind another column. */
const anySealed = /v(?:1|2\.[a-z0-9]{1,20})\.[A-Za-z0-9_-]{38,}/g;
const secrets = Array.from({ length: 20 }, (_, index) => `secret ${index}`);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rackhaus-rotate-'));
  database = join(folder, 'rackhaus.sqlite');
  keyFile = join(folder, 'secret.key');
  // As it was before keys had names.
  await writeFile(keyFile, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  const box = await openSecretBox(keyFile);
  const db = await openDatabase(database);
  for (const [index, secret] of secrets.entries())
    await sql`insert into credentials (version, name, protocol, sealed) values (1, ${`c${index}`}, '2c', ${box.seal(secret)})`.execute(
      db,
    );
  await sql`insert into changes (time, user_name, source, counts) values (0, 'a', 'person', '[]')`.execute(
    db,
  );
  const before = JSON.stringify({ name: 'v1.0 of something', sealed: box.seal('an older secret') });
  await sql`insert into change_events (change_id, kind, object_id, name, before, count) values (1, 'credential', 1, 'c', ${before}, 1)`.execute(
    db,
  );
  await db.destroy();
});
afterEach(() => rm(folder, { recursive: true }));

async function opened(): Promise<string[]> {
  const box = await openSecretBox(keyFile);
  const db = await openDatabase(database);
  try {
    const rows = await db.selectFrom('credentials').select('sealed').orderBy('id').execute();
    const event = await db.selectFrom('change_events').select('before').executeTakeFirstOrThrow();
    const [sealed = ''] = event.before?.match(sealedText) ?? [];
    expect(event.before).toContain('v1.0 of something');
    return [...rows.map((row) => box.open(row.sealed)), box.open(sealed)];
  } finally {
    await db.destroy();
  }
}
const all = [...secrets, 'an older secret'];

it('seals everything anew, also what history keeps for undo, and forgets the old key', async () => {
  const old = await openSecretBox(keyFile);
  const oldTexts = (await readFile(database)).toString('latin1').match(anySealed) ?? [];
  expect(oldTexts.length).toBeGreaterThanOrEqual(21);
  expect(await rotateKey({ database, keyFile })).toBe(21);
  expect(await opened()).toEqual(all);
  expect((await openKeyRing(keyFile)).keys.size).toBe(1);
  const left = (await readFile(database)).toString('latin1').match(anySealed) ?? [];
  for (const text of left) expect(() => old.open(text)).toThrow('another key');
  expect(await rotateKey({ database, keyFile })).toBe(21);
  expect(await opened()).toEqual(all);
});

it('is refused while a server has the database open, and changes nothing', async () => {
  const before = await readFile(keyFile, 'utf8');
  const db = await openDatabase(database);
  await expect(rotateKey({ database, keyFile })).rejects.toThrow('The server is running');
  await db.destroy();
  expect(await readFile(keyFile, 'utf8')).toBe(before);
  expect(await opened()).toEqual(all);
});

it('changes nothing when one secret cannot be opened, and names it', async () => {
  const db = await openDatabase(database);
  await sql`update credentials set sealed = ${`v2.other.${'A'.repeat(60)}`} where id = 7`.execute(db);
  await db.destroy();
  await expect(rotateKey({ database, keyFile })).rejects.toThrow('credentials.sealed, row 7');
  expect((await openKeyRing(keyFile)).keys.size).toBe(1);
  const again = await openDatabase(database);
  await sql`delete from credentials where id = 7`.execute(again);
  await again.destroy();
  expect(await opened()).toHaveLength(20);
});

it.each<RotationStep>(['began', 'both keys', 'sealed', 'committed', 'done'])(
  'opens everything when it is killed after "%s", and the next rotation puts the keys in order',
  async (step) => {
    const script = join(import.meta.dirname, 'rotate-to-kill.ts');
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', script, database, keyFile, step],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await opened()).toEqual(all);
    await rotateKey({ database, keyFile });
    expect(await opened()).toEqual(all);
    expect((await openKeyRing(keyFile)).keys.size).toBe(1);
  },
);

it('knows every column of the schema that is named as if it were sealed', async () => {
  const db = await openDatabase(':memory:');
  const { rows } = await sql<{ table: string; column: string }>`
    select t.name as "table", c.name as "column" from sqlite_master t, pragma_table_info(t.name) c
    where t.type = 'table' and c.name like '%seal%'`.execute(db);
  await db.destroy();
  const listed = sealedColumns.map(({ table, column }) => `${table}.${column}`);
  for (const { table, column } of rows) expect(listed).toContain(`${table}.${column}`);
});
