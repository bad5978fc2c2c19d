import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSecretBox } from '../access/secret-box.ts';
import { openDatabase } from '../database/open.ts';
import { createInventory } from './inventory.ts';
import { OtherWriters } from './other-writers.ts';
import { tester } from './testing.ts';

test('what another process writes is noticed, and found; what this one writes is not taken for it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rackhaus-writers-'));
  const file = join(folder, 'rackhaus.sqlite');
  const here = await openDatabase(file);
  const there = await openDatabase(file);
  const secretBox = await openSecretBox(join(folder, 'secret.key'));
  onTestFinished(async () => {
    await here.destroy();
    await there.destroy();
    await rm(folder, { recursive: true });
  });
  const ours = createInventory({ db: here, secretBox, now: Date.now });
  const theirs = createInventory({ db: there, secretBox, now: Date.now });
  const heard: boolean[] = [];
  ours.events.onChange(({ everything }) => heard.push(everything === true));
  const others = new OtherWriters({
    db: here,
    events: ours.events,
    onError: (error) => expect.unreachable(String(error)),
  });
  await others.start();
  onTestFinished(() => others.stop());
  const place = (inventory: typeof ours, name: string) =>
    inventory.changes.run(tester, async (change) => {
      const [site = 0] = await change.insert('site', [{ name }]);
      const [building = 0] = await change.insert('building', [{ site_id: site, name: 'B' }]);
      const [floor = 0] = await change.insert('floor', [{ building_id: building, name: 'F' }]);
      await change.insert('room', [{ floor_id: floor, name: `Raum ${name}` }]);
    });

  await place(ours, 'eins');
  await others.look();
  expect(heard).toEqual([false]);
  expect((await ours.search.find('raum zwei')).results).toEqual([]);
  await place(theirs, 'zwei');
  await others.look();
  expect(heard).toEqual([false, true]);
  expect((await ours.search.find('raum zwei')).results).toMatchObject([{ kind: 'room' }]);
});
