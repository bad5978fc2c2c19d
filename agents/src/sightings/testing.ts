import type { AssignedDevice, Observation, Sightings, SnmpCredentials } from '@rackhaus/config/contract';
import { loadProfiles } from '@rackhaus/config/profiles';
import { SnmpResponder, type SnmpResponderOptions } from '../../simulator/index.ts';
import { DevicePoller } from '../poll/device-poller.ts';

const never = new AbortController().signal;

/** Serves a device on a port of its own, polls it once, and looks behind its ports as often as asked. */
export async function lookAt(
  options: SnmpResponderOptions & { readonly credentials?: SnmpCredentials },
): Promise<{
  observation: Observation | null;
  sight: (now?: boolean) => Promise<Sightings | null>;
  /** How many datagrams it has got. */
  received: () => number;
  close: () => Promise<void>;
}> {
  const { credentials = { version: '2c', community: 'public' }, ...serving } = options;
  const responder = new SnmpResponder({ community: 'public', ...serving });
  const { port } = await responder.listen('127.0.0.1', 0);
  const device: AssignedDevice = {
    id: 7,
    name: 'switch',
    address: '127.0.0.1',
    snmp: { port, credentials },
    profile: null,
    intervalSeconds: 60,
    ping: false,
    tcp: [],
  };
  const poller = new DevicePoller({ device, profiles: await loadProfiles(), now: () => 1_780_000_000_000 });
  const { observation } = await poller.poll(never);
  return {
    observation,
    sight: async (now = false) => (await poller.sight(never, { now })).sightings,
    received: () => responder.counts.received,
    async close() {
      poller.close();
      await responder.close();
    },
  };
}
