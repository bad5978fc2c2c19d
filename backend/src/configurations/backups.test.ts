import type { ConfigurationAnswer } from '@rackhaus/config/contract';
import { loadProfiles } from '@rackhaus/config/profiles';
import { afterAll, expect, test } from 'vitest';
import { testAudit } from '../audit/testing.ts';
import { townHallInventory } from '../inventory/testing.ts';
import { Probes } from '../monitoring/probes.ts';
import { Backups, type ConfigurationJobs } from './backups.ts';
import { DeviceSettings } from './device-settings.ts';
import { ShellLogins } from './logins.ts';
import { Versions } from './versions.ts';

const { db, secretBox } = await townHallInventory();
const profiles = await loadProfiles();
const now = Date.now;
const logins = new ShellLogins({ db, secretBox, audit: testAudit(db, now), now });
const versions = new Versions({ db, secretBox });
await versions.start();
const changed = async () => undefined;
const devices = new DeviceSettings({ db, logins, now, changed });
const jobs: ConfigurationJobs = new Probes();
const agent = { id: 1, name: 'Agent' };
const failures: unknown[] = [];
const backups = new Backups({
  db,
  jobs,
  agents: { of: () => agent.id, list: async () => [agent], mayAsk: () => true },
  logins,
  versions,
  devices,
  profiles: () => profiles,
  now,
  changed,
  onError: (_, error) => failures.push(error),
});
const { device_id: deviceId } = await db
  .selectFrom('device_monitoring')
  .select('device_id')
  .executeTakeFirstOrThrow();
await db.updateTable('device_monitoring').set({ profile: 'opnsense' }).execute();
const writer = { by: { kind: 'person', id: 1, name: 'Jana' }, address: null } as const;
const loginId = await logins.add(
  {
    name: 'Sicherung',
    login: { user: 'backup', password: 'geheim', privateKey: null, enable: null },
    oldAlgorithms: false,
    rules: [],
  },
  writer,
);
// None of them is due by itself.
await db.deleteFrom('device_monitoring').where('device_id', '!=', deviceId).execute();
await devices.set(deviceId, { active: true, loginId, port: 22 });
await devices.write(deviceId, { tried_at: now() });
backups.start();
afterAll(() => backups.stop());

async function read(text: string) {
  await backups.readNow(deviceId);
  await expect.poll(() => jobs.has(agent.id)).toBe(true);
  const [job] = jobs.take(agent.id);
  const answer: ConfigurationAnswer = {
    id: job?.id ?? '',
    outcome: 'read',
    text,
    hostKeys: [],
    detail: null,
  };
  jobs.answer(agent.id, answer);
  await expect.poll(() => backups.isReading(deviceId)).toBe(false);
  return devices.mustFind(deviceId);
}

const revision = ['<revision>', '<time>1</time>', '</revision>'];
const file = (stretch: readonly string[]) =>
  ['<opnsense>', '<hostname>fw</hostname>', ...stretch, '<rule>1</rule>', '</opnsense>'].join('\n');

test('a configuration in which a stretch has no end is not taken over, and it is said why', async () => {
  expect(await read(file(revision))).toMatchObject({ outcome: 'read', failingSince: null });
  const cut = await read(file(revision.slice(0, 2)));
  expect(cut).toMatchObject({ outcome: 'incomplete', failingSince: expect.any(Number) });
  expect(cut.detail).toBe('what begins in line 3 by /^\\s*<revision[ >]/ is not ended by /<\\/revision>/');
  // What was kept is all that there was.
  const [newest, ...older] = await versions.list(deviceId);
  expect(older).toEqual([]);
  expect(newest && versions.textOf(newest)).toBe(file([]).concat('\n'));
  expect(await read(file(revision))).toMatchObject({ outcome: 'read', failingSince: null, detail: null });
  expect(failures).toEqual([]);
});
