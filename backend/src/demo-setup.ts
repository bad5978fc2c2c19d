import { randomBytes } from 'node:crypto';
import { loadInventory } from '@rackhaus/config/inventory-file';
import { loadProfiles } from '@rackhaus/config/profiles';
import { demoSwitching, sampleTownHallFolder, sampleTownHallPlans } from '@rackhaus/config/sample-town-hall';
import { loadBackendSettings, Secret } from '@rackhaus/config/settings';
import { createAccess } from './access/access.ts';
import { recommendedCost } from './access/passwords.ts';
import { listPolledNetworks, setPolledNetworks } from './access/polled-networks.ts';
import { openSecretBox } from './access/secret-box.ts';
import type { Users } from './access/users.ts';
import { AgentPlacesStore, serverPlace } from './alerting/agent-places/agent-places.ts';
import { bySystem } from './audit/audit.ts';
import { openAudit } from './audit/open.ts';
import { dataFiles } from './data-files.ts';
import { openDatabase } from './database/open.ts';
import type { Database } from './database/tables.ts';
import { bringAlertCareIn } from './demo-alert-care.ts';
import { bringCablingWorkIn } from './demo-cabling.ts';
import { bringChecksIn } from './demo-checks.ts';
import { bringConfigurationsIn } from './demo-configurations.ts';
import { bringDiscoveryIn } from './demo-discovery.ts';
import { bringOnCallIn, type Phones } from './demo-on-call.ts';
import { importFolder } from './import-inventory.ts';
import { createInventory } from './inventory/inventory.ts';
import { bringPlansIn } from './inventory/plans/sample-plans.ts';
import { createLog } from './log.ts';
import { SwitchingCredentials } from './switching/credentials.ts';

const demoUser = 'admin';
const simulatedNetwork = '127.0.0.0/8';
/** Where {@link placeAgent} says that Rackhaus runs. */
const demoServer = 'monitor';

/**
 * Prepares a data folder for the demo, before the backend starts on it: the administrator `admin`, the sample town hall, the
 * token of the local agent. Doing it again gives the administrator the new password and keeps what is there.
 */
export async function setUpDemo(options: {
  dataDir: string;
  password: Secret;
  /** Also brings orders, cords in store and measurements: what a test begins without. */
  workInHand?: boolean;
  /** Also brings people on call, whom messages reach through these. */
  phones?: Phones;
}): Promise<void> {
  const files = dataFiles(options.dataDir);
  const db = await openDatabase(files.database);
  try {
    const audit = await openAudit({ db, files, log: createLog('warn') });
    const secretBox = await openSecretBox(files.secretKey);
    const access = createAccess({
      db,
      audit,
      secretBox,
      now: Date.now,
      publicUrl: null,
      demo: true,
      passwordCost: recommendedCost,
    });
    await ensureAdministrator(access.users, options.password);
    // Whoever tries it has no telephone at hand that knows it.
    await access.secondFactorRule.set('nobody', null);
    await access.localAgent.ensure(files.localAgentToken);
    await allowSimulatedDevices(db);
    const inventory = createInventory({ db, secretBox, now: Date.now, audit });
    // Only the first time: what somebody has moved since shall stay where it is.
    const places = await db.selectFrom('sites').select('id').executeTakeFirst();
    if (places === undefined) {
      await importFolder(inventory, sampleTownHallFolder);
      await placeAgent(db);
      await setSwitching(new SwitchingCredentials({ db, secretBox, audit, now: Date.now }), db);
      await bringPlansIn({
        changes: inventory.changes,
        documents: files.documents,
        plans: sampleTownHallPlans(await loadInventory(sampleTownHallFolder)),
      });
      if (options.workInHand === true) {
        await bringCablingWorkIn({
          db,
          changes: inventory.changes,
          caller: { kind: 'person', userId: null, name: 'Katja Brandt', role: 'administrator', sites: null },
        });
        await bringAlertCareIn({ db, changes: inventory.changes, now: Date.now() });
        await bringChecksIn({ db, changes: inventory.changes });
        await bringDiscoveryIn(db, Date.now());
        await bringConfigurationsIn({ db, secretBox, profiles: await loadProfiles(), now: Date.now() });
      }
    }
    if (options.phones !== undefined)
      await bringOnCallIn({
        db,
        changes: inventory.changes,
        users: access.users,
        secretBox,
        password: options.password,
        phones: options.phones,
        now: Date.now,
      });
  } finally {
    await db.destroy();
  }
}

/** Server and agent run on the town hall's own server for monitoring: the simulator answers as seen from there. */
async function placeAgent(db: Database): Promise<void> {
  const { id: deviceId } = await db
    .selectFrom('devices')
    .select('id')
    .where('name', '=', demoServer)
    .executeTakeFirstOrThrow();
  const agents = await db.selectFrom('agents').select('id').execute();
  const places = new AgentPlacesStore({ db, now: Date.now, follow: [], onError: () => {} });
  await places.set(
    [{ agentId: serverPlace, deviceId }, ...agents.map(({ id }) => ({ agentId: id, deviceId }))],
    '',
  );
}

/** The simulated PDU take commands. Who may give them is for whoever tries it to say: nobody has the right. */
async function setSwitching(credentials: SwitchingCredentials, db: Database): Promise<void> {
  const devices = await db
    .selectFrom('devices')
    .innerJoin('device_monitoring as m', 'm.device_id', 'devices.id')
    .select('devices.id')
    .where('devices.role', '=', 'pdu')
    .execute();
  for (const { id } of devices) await credentials.set(id, demoSwitching, { by: bySystem, address: null });
}

/** The simulated devices answer on addresses of this machine, which an own installation may not poll. */
async function allowSimulatedDevices(db: Database): Promise<void> {
  const { networks } = await listPolledNetworks(db);
  if (!networks.some(({ network }) => network === simulatedNetwork))
    await setPolledNetworks(db, {
      networks: [...networks, { network: simulatedNetwork, siteId: null, note: 'Demo' }],
    });
}

async function ensureAdministrator(users: Users, password: Secret): Promise<void> {
  const role = 'administrator';
  const known = (await users.list()).users.find((user) => user.name === demoUser);
  if (known === undefined) await users.create({ name: demoUser, password: password.reveal(), role });
  else await users.change(known.id, { password: password.reveal(), role, disabled: false });
}

if (import.meta.main) {
  const given = process.env.DEMO_PASSWORD;
  const password = new Secret(given || randomBytes(9).toString('base64url'));
  const { dataDir } = await loadBackendSettings(process.env);
  const workInHand = process.env.DEMO_WORK === '1';
  const { SIMULATOR_URL: url, SIMULATOR_TOKEN: token } = process.env;
  await setUpDemo({
    dataDir,
    password,
    workInHand,
    ...(workInHand && url && token ? { phones: { url, token } } : {}),
  });
  // Only what was not given has to be told.
  process.stdout.write(`user ${demoUser}${given ? '' : ` password ${password.reveal()}`}\n`);
}
