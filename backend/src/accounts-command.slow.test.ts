import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAccess } from './access/access.ts';
import { openBox } from './access/testing.ts';
import { accountsCommand } from './accounts-command.ts';
import { openAudit } from './audit/open.ts';
import { readLog } from './audit/read.ts';
import { dataFiles } from './data-files.ts';
import { openDatabase } from './database/open.ts';
import type { Database } from './database/tables.ts';
import { createLog } from './log.ts';

let dataDir: string;
let db: Database;
let access: ReturnType<typeof createAccess>;
let adminId: number;
const rescue = (name: string) => accountsCommand(['rescue', name], { DATA_DIR: dataDir });

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'rackhaus-accounts-'));
  const files = dataFiles(dataDir);
  db = await openDatabase(files.database);
  access = createAccess({
    db,
    audit: await openAudit({ db, files, log: createLog('silent') }),
    secretBox: openBox,
    now: Date.now,
    publicUrl: null,
    demo: false,
    passwordCost: 2 ** 4,
  });
  adminId = await access.users.createFirst({ name: 'Eva Muster', password: 'korb feder mond takt' });
  await access.users.create({
    name: 'Technik',
    password: 'korb feder mond takt',
    role: 'technician',
    siteIds: null,
  });
});
afterEach(async () => {
  await db.destroy();
  rmSync(dataDir, { recursive: true, force: true });
});

it('lets an administrator who has lost everything begin anew, and notes it', async () => {
  await access.secondFactors.recoveryCodes.renew(adminId);
  await access.sessions.open({ userId: adminId }, undefined);
  const said = await rescue('eva muster');
  const token = /#(rhi_[\w-]+)/.exec(said)?.[1] ?? '';
  expect(await access.accountLinks.look(token)).toMatchObject({ name: 'Eva Muster', kind: 'reset' });
  expect(await access.secondFactors.recoveryCodes.left(adminId)).toBe(0);
  expect(await access.sessions.list(adminId)).toEqual([]);
  const rows = await readLog(db, { order: 'asc' }, 10);
  expect(rows.map(({ action, by, subject }) => [action, by.kind, subject?.name])).toEqual([
    ['account.factor', 'system', 'Eva Muster'],
    ['account.reset', 'system', 'Eva Muster'],
  ]);
  expect(JSON.stringify(rows)).not.toContain(token);
});

it('helps nobody but administrators whose password is here, and names these', async () => {
  await expect(rescue('Technik')).rejects.toThrow(
    'No administrator with a password here is called "Technik". There are: Eva Muster.',
  );
  await expect(accountsCommand(['rescue'], { DATA_DIR: dataDir })).rejects.toThrow(
    /^npm run accounts -- rescue NAME/,
  );
});
