import type { ProfileSet } from '@rackhaus/config/profiles';
import type { SecretBox } from '../access/secret-box.ts';
import type { Incidents } from '../alerting/parts.ts';
import type { Audit } from '../audit/audit.ts';
import type { Database } from '../database/tables.ts';
import type { Route } from '../http/route.ts';
import { Probes } from '../monitoring/probes.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { Backups, type ConfigurationJobs } from './backups.ts';
import { candidates } from './candidates.ts';
import { configurationConditions, unexpectedChanges } from './conditions.ts';
import { DeviceSettings } from './device-settings.ts';
import { ShellLogins } from './logins.ts';
import { configurationRoutes } from './routes.ts';
import { Versions } from './versions.ts';
import { ConfigurationViews } from './views.ts';

/** Two before it at the agent, three minutes each, its own, and the way there and back. */
const patienceMs = 10 * 60_000;
/** What asks for attention by the clock is looked at this often. */
const lookEveryMs = 60_000;
const source = 'configurations';

export interface Configurations {
  readonly routes: readonly Route[];
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** What agents are to read; made before who hands it out. */
export function configurationJobs(): ConfigurationJobs {
  return new Probes({ patienceMs });
}

/** Builds the backup of the configurations of devices. */
export function createConfigurations(options: {
  db: Database;
  secretBox: SecretBox;
  audit: Audit;
  jobs: ConfigurationJobs;
  agents: ConstructorParameters<typeof Backups>[0]['agents'];
  heard: (agentId: number) => void;
  incidents: Pick<Incidents, 'report'>;
  profiles: () => ProfileSet;
  now: () => number;
  elapsed: () => number;
  /** Told of what goes wrong in the background; it is tried again. */
  onError: (message: string, error: unknown) => void;
}): Configurations {
  const { db, audit, jobs, profiles, now, onError } = options;
  const logins = new ShellLogins(options);
  const versions = new Versions(options);
  let told = '';
  const report = oneAtATime(async () => {
    const all = await candidates(db, logins);
    const conditions = configurationConditions(all, await unexpectedChanges(db, all), profiles(), now());
    // Saying the same again would bring back what somebody has closed by hand.
    const next = JSON.stringify(conditions.map(({ id }) => id));
    if (next === told) return;
    told = next;
    options.incidents.report(source, conditions);
  });
  const devices = new DeviceSettings({
    db,
    logins,
    now,
    changed: async () => {
      await report();
      backups.soon();
    },
  });
  const backups: Backups = new Backups({ ...options, logins, versions, devices, changed: () => report() });
  const views = new ConfigurationViews({ ...options, logins, versions, backups, devices });
  let timer: NodeJS.Timeout | undefined;
  return {
    routes: configurationRoutes({
      db,
      audit,
      logins,
      versions,
      backups,
      devices,
      views,
      jobs,
      heard: options.heard,
      changed: () => report(),
      now,
    }),
    async start() {
      await versions.start();
      await report();
      await logins.forgetDeleted();
      timer = setInterval(() => {
        logins
          .forgetDeleted()
          .catch((error: unknown) => onError('deleted logins could not be taken away', error));
        report().catch((error: unknown) => onError('what configurations ask for could not be told', error));
      }, lookEveryMs);
      backups.start();
    },
    async stop() {
      clearInterval(timer);
      await backups.stop();
      await report();
    },
  };
}
