import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DocumentStore } from '../documents/store.ts';
import { emptyInventory, tester } from '../testing.ts';
import { readExchangeFolder, writeExchangeFolder } from './folder.ts';

const picture = Buffer.from('a picture of the rack');

async function exported() {
  const base = await mkdtemp(join(tmpdir(), 'rackhaus-exchange-'));
  const one = await emptyInventory();
  const other = await emptyInventory();
  onTestFinished(async () => {
    await one.db.destroy();
    await other.db.destroy();
    await rm(base, { recursive: true });
  });
  const documents = new DocumentStore(join(base, 'here'));
  const hash = await documents.keep(picture);
  await one.inventory.changes.run(tester, async (change) => {
    const [site = 0] = await change.insert('site', [{ name: 'Rathaus' }]);
    const [document = 0] = await change.insert('document', [
      { hash, media_type: 'image/png', size: picture.length },
    ]);
    await change.insert('attachment', [
      { subject_kind: 'site', subject_id: site, document_id: document, name: 'rack.png' },
    ]);
  });
  const folder = join(base, 'export');
  await writeExchangeFolder({ db: one.db, documents, folder });
  const there = new DocumentStore(join(base, 'there'));
  const bring = () =>
    readExchangeFolder({ changes: other.inventory.changes, documents: there, folder, cause: tester });
  return { db: other.db, one, documents, folder, there, hash, bring };
}

test('an exported folder brings records and files, once', async () => {
  const { db, there, hash, bring } = await exported();
  expect(await bring()).toMatchObject({ created: 3, updated: 0, remarks: [] });
  expect(await readFile(there.fileOf(hash))).toEqual(picture);
  const attached = await db.selectFrom('attachments').selectAll().execute();
  expect(attached).toMatchObject([{ name: 'rack.png', subject_kind: 'site' }]);
  expect(await bring()).toMatchObject({ created: 0, changeId: null });
});

test('a file that was changed on the way is refused before anything is written', async () => {
  const { db, folder, hash, bring } = await exported();
  await writeFile(join(folder, 'documents', hash), 'something else');
  await expect(bring()).rejects.toThrow('is not what it was when it was exported');
  expect(await db.selectFrom('sites').selectAll().execute()).toEqual([]);
});

test('an export does not write into a folder that is there', async () => {
  const { one, documents, folder } = await exported();
  const before = await readdir(folder);
  await expect(writeExchangeFolder({ db: one.db, documents, folder })).rejects.toThrow('exists already');
  expect(await readdir(folder)).toEqual(before);
});
