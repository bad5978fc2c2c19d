import type { AssignedDevice, SnmpCredentials } from '@rackhaus/config/contract';
import type { ProfileSet } from '@rackhaus/config/profiles';
import { SnmpResponder, type SnmpResponderOptions } from '../../simulator/index.ts';
import { DevicePoller, type PollResult } from '../poll/device-poller.ts';

export interface PolledDevice {
  readonly poller: DevicePoller;
  readonly responder: SnmpResponder;
  poll(): Promise<PollResult>;
  close(): Promise<void>;
}

/** A device as it is assigned to an agent: asked by SNMP on a port of this machine, once a minute, and by nothing else. */
export function assignedDevice(
  port: number,
  credentials: SnmpCredentials = { version: '2c', community: 'public' },
): AssignedDevice {
  return {
    id: 3,
    name: 'device',
    address: '127.0.0.1',
    snmp: { port, credentials },
    profile: null,
    intervalSeconds: 60,
    ping: false,
    tcp: [],
  };
}

/** Serves what a device says, as recorded or made up, on a free port, and polls it as the agent does, with a clock that stands. */
export async function pollDevice(options: {
  readonly serving: SnmpResponderOptions;
  readonly profiles: ProfileSet;
  readonly credentials?: SnmpCredentials;
  readonly traced?: boolean;
}): Promise<PolledDevice> {
  const { serving, profiles, credentials, traced } = options;
  const responder = new SnmpResponder({ community: 'public', ...serving });
  const { port } = await responder.listen('127.0.0.1', 0);
  const poller = new DevicePoller({
    device: assignedDevice(port, credentials),
    profiles,
    now: () => 1_780_000_000_000,
    ...(traced === undefined ? {} : { traced }),
  });
  return {
    poller,
    responder,
    poll: () => poller.poll(new AbortController().signal),
    async close() {
      poller.close();
      await responder.close();
    },
  };
}
