import type { AssignedDevice } from '@rackhaus/config/contract';
import { AppError } from '../problem.ts';
import type { OwnProfiles } from './own-profiles.ts';
import type { PreviewOnDevice } from './routes.ts';

/** Has the agent that polls a device try a profile on it. */
export function previewOnDevice(parts: {
  own: OwnProfiles;
  deviceOf: (deviceId: number) => AssignedDevice | undefined;
  agentOf: (deviceId: number) => number | null;
  agents: () => Promise<readonly { readonly id: number; readonly name: string }[]>;
}): PreviewOnDevice {
  return async (deviceId, text) => {
    const device = parts.deviceOf(deviceId);
    if (device === undefined || device.snmp === null) {
      const message = 'This device is not polled by SNMP: it has no address or no credentials.';
      throw new AppError('invalid', message, [{ path: 'deviceId', message }], { reason: 'not-polled' });
    }
    const agentId = parts.agentOf(deviceId);
    const agent = (await parts.agents()).find(({ id }) => id === agentId);
    if (agent === undefined) return { agent: null, answer: null };
    const { port, credentials } = device.snmp;
    const { address, profile: present } = device;
    const question = { address, port, credentials, present, text };
    return {
      agent: agent.name,
      answer: await parts.own.previews.ask(agent.id, question),
    };
  };
}
