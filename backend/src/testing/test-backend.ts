import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GivenRole, SecondFactorPolicy } from '@rackhaus/config/contract';
import { type BackendSettings, loadBackendSettings } from '@rackhaus/config/settings';
import { type Backend, createBackend } from '../app.ts';
import { loopbackNetworks } from '../outgoing/testing.ts';
import { Client } from './client.ts';

/** A real backend on a free port with a data folder of its own. For tests. */
export interface TestBackend extends Backend {
  readonly settings: BackendSettings;
  /** The backend's clock; add to it to let time pass. */
  readonly clock: { now: number };
  /** A caller without a session. */
  client(): Client;
  /** The first administrator, made by the first call, signed in. */
  administrator(): Promise<Client>;
  /** A new person of that role, signed in. */
  signedIn(role: GivenRole): Promise<Client>;
  /** Ends the backend and starts it again on the same data. */
  restart(): Promise<TestBackend>;
  /** Ends it and deletes its data. */
  remove(): Promise<void>;
}

export const testPassword = 'correct horse battery';

/** scrypt at its real cost takes 0.4 s: more than all the rest of a test. */
const cheapPasswords = 10;

export async function startTestBackend(
  env: Record<string, string> = {},
  folder?: string,
  secondFactor: SecondFactorPolicy = 'nobody',
): Promise<TestBackend> {
  const dataDir = folder ?? (await mkdtemp(join(tmpdir(), 'rackhaus-backend-')));
  const settings = await loadBackendSettings({
    DATA_DIR: dataDir,
    PORT: '0',
    RACKHAUS_LOG_LEVEL: 'silent',
    RACKHAUS_CHECK_REPLIES: 'true',
    POLLED_NETWORKS: '127.0.0.0/8,::1/128',
    FRONTEND_DIR: join(dataDir, 'frontend'),
    OUTGOING_NETWORKS: loopbackNetworks,
    ...env,
  });
  const clock = { now: Date.now() };
  const backend = await createBackend(settings, {
    now: () => clock.now,
    passwordCost: cheapPasswords,
    bringTypes: false,
    // What tests of the second factor set themselves.
    secondFactor,
  });
  const client = () => new Client(backend.url);
  let people = 0;

  async function administrator(): Promise<Client> {
    const admin = client();
    const made = await admin.post('/api/setup', {
      code: backend.setupCode ?? 'made already',
      user: 'Admin',
      password: testPassword,
    });
    if (made.status === 409) await admin.post('/api/session', { user: 'admin', password: testPassword });
    return admin;
  }
  return {
    ...backend,
    settings,
    clock,
    client,
    administrator,
    async signedIn(role) {
      const name = `${role} ${++people}`;
      await (await administrator()).post('/api/users', { name, password: testPassword, role });
      const person = client();
      await person.post('/api/session', { user: name, password: testPassword });
      return person;
    },
    async restart() {
      await backend.close();
      return startTestBackend(env, dataDir, secondFactor);
    },
    async remove() {
      await backend.close();
      await rm(dataDir, { recursive: true });
    },
  };
}
