import { join } from 'node:path';
import type { LiveItem } from '@rackhaus/config/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAgent } from '../harness/agent.ts';
import { createApi, deviceOf } from '../harness/api.ts';
import { type RunningBackend, startOwnBackend } from '../harness/backend.ts';
import { inventoryOfSwitch, roomName, switchName } from '../harness/inventory.ts';
import { type Watching, watch } from '../harness/live.ts';
import { createNamespace, joinToHere, type Namespace } from '../harness/namespace.ts';
import { type StartedProcess, until } from '../harness/process.ts';
import { startSnmpd } from '../harness/snmpd.ts';

// A device at the other end of a cable: its kernel answers ping, whether snmpd runs or not. Pings to 127/8 would say nothing.
let namespace: Namespace;
let address: string;
let snmpd: StartedProcess;
let backend: RunningBackend;
let agent: StartedProcess;
let device: Watching;

const startAnswering = () => startSnmpd({ port: 1161, address, namespace, asSwitch: true });

beforeAll(async () => {
  namespace = createNamespace('silent');
  address = joinToHere(namespace, 'mgmt');
  snmpd = await startAnswering();
  backend = await startOwnBackend(inventoryOfSwitch({ address, port: 1161, intervalSeconds: 1, ping: true }));
  const api = await createApi(backend);
  const { id } = deviceOf(await api.room(roomName), switchName);
  device = await watch(backend.url, api.cookie, `device:${id}`);
  agent = await startAgent(backend, join(backend.dataDir, 'agent'));
}, 120_000);

afterAll(async () => {
  device?.close();
  await agent?.stop();
  await backend?.stop();
  await snmpd?.stop();
  namespace?.remove();
});

const items = (): readonly LiveItem[] => [...(device?.items.values() ?? [])];
/** As the catalogue counts: 0 no, 1 yes, 2 pingOnly. */
const reachable = (): number | undefined =>
  items().flatMap((item) =>
    item.type === 'reading' && item.kind === 'device' ? [item.values.reachable] : [],
  )[0];
const conditions = () =>
  items()
    .flatMap((item) => (item.type === 'device' ? item.conditions : []))
    .map(({ rule, severity }) => ({
      rule,
      severity,
    }));
const shown = (what: string, fits: () => boolean) => until(what, () => fits() || undefined, 60_000);

it('says of a device whose SNMP has died, but which answers ping, just that, and takes it back', async () => {
  await shown('it to be read', () => reachable() === 1);
  expect(conditions()).toEqual([]);

  await snmpd.stop();
  await shown('its silence', () => reachable() === 2 && conditions().length > 0);
  // Nothing says that the device itself is gone.
  expect(conditions()).toEqual([{ rule: 'snmp-silent', severity: 'warning' }]);

  snmpd = await startAnswering();
  await shown('it to be read again', () => reachable() === 1 && conditions().length === 0);
}, 180_000);

it('says of a device that answers neither that it does not answer', async () => {
  await snmpd.stop();
  namespace.ip('link', 'set', 'mgmt', 'down');
  await shown('its silence', () => reachable() === 0 && conditions().length > 0);
  expect(conditions()).toEqual([{ rule: 'unreachable', severity: 'critical' }]);
}, 90_000);
