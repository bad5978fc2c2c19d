import type {
  CredentialTest,
  CredentialTestReply,
  Identity,
  ProbeAnswer,
  SnmpCredentials,
} from '@rackhaus/config/contract';
import { modelWords } from '../identity/model-words.ts';
import type { Credentials } from './credentials.ts';

/** How an agent is had to ask a device; the backend speaks no SNMP itself. */
export type AskDevice = (
  question: { readonly address: string; readonly port: number; readonly credentials: SnmpCredentials },
  by: { readonly agentId: number | null; readonly deviceId: number | null },
) => Promise<{ readonly answer: ProbeAnswer | null; readonly agent: string | null }>;

const nothing = { ms: null, pings: null, device: null, serial: null, firmware: null, agent: null };

/** Whether a device answers at an address, and why not. @throws AppError not-found (credentials, device or agent) */
export async function testCredentials(
  credentials: Credentials,
  ask: AskDevice,
  test: CredentialTest,
): Promise<CredentialTestReply> {
  const secret = await secretOf(credentials, test);
  if (secret === null)
    return {
      ...nothing,
      outcome: 'no-credentials',
      message: 'No credentials are chosen, and no rule assigns any: the device can only be pinged.',
    };
  const { address, port, agentId, deviceId } = test;
  const { answer, agent } = await ask({ address, port, credentials: secret }, { agentId, deviceId });
  if (answer === null)
    return {
      ...nothing,
      outcome: 'no-agent',
      agent,
      message:
        agent === null
          ? 'There is no agent that could ask the device.'
          : `The agent "${agent}" is not connected, so nobody could ask the device.`,
    };
  const { outcome, ms, pings, identity } = answer;
  const device = identity === null ? null : deviceText(identity);
  return {
    outcome,
    ms: ms === null ? null : Math.round(ms),
    pings,
    device,
    serial: identity?.serial ?? null,
    firmware: identity?.firmware ?? null,
    agent,
    message: messageOf(answer, { address, port, agent: agent ?? '', device, isV3: secret.version === '3' }),
  };
}

async function secretOf(credentials: Credentials, test: CredentialTest): Promise<SnmpCredentials | null> {
  if (test.secret !== null) return test.secret;
  if (test.credentialId !== null) return credentials.open(test.credentialId);
  const assigned = test.deviceId === null ? null : await credentials.assignedTo(test.deviceId);
  return assigned === null ? null : credentials.open(assigned);
}

/** "Aruba 6200F", or what the device calls itself. */
function deviceText({ vendor, model, name, description }: Identity): string | null {
  if (model !== null) return modelWords(vendor, model);
  return vendor ?? description?.split(/[\r\n,;]/)[0]?.slice(0, 100) ?? name;
}

function messageOf(
  { outcome, ms, pings, detail }: ProbeAnswer,
  about: { address: string; port: number; agent: string; device: string | null; isV3: boolean },
): string {
  const { address, port, agent, device, isV3 } = about;
  switch (outcome) {
    case 'answers':
      return `Answers as ${device ?? 'a device that does not say what it is'} in ${Math.round(ms ?? 0)} ms.`;
    case 'silent':
      if (pings === true)
        return isV3
          ? `${address} answers ping, but not SNMP on port ${port}: SNMP is switched off there, or it does not allow the agent "${agent}".`
          : `${address} answers ping, but not SNMP on port ${port}. The community is wrong (devices do not answer a wrong one), SNMP is switched off there, or it does not allow the agent "${agent}".`;
      return `Nothing answers at ${address}, port ${port}: the agent "${agent}" cannot reach this address, or the device is off.${isV3 ? '' : ' A wrong community would look the same if the device does not answer ping.'}`;
    case 'wrong-user':
      return 'The device does not know this SNMPv3 user.';
    case 'wrong-key':
      return 'The device knows the user, but refuses the authentication key or its protocol.';
    case 'wrong-privacy':
      return 'User and authentication are right, but the privacy key or its protocol are not.';
    case 'wrong-level':
      return 'The device wants another security level for this user (with or without authentication and privacy).';
    case 'no-access':
      return 'The device answers, but this user or community may not read anything.';
    case 'unknown-host':
      return `The name "${address}" is unknown to the agent "${agent}": its DNS server has no address for it.`;
    case 'unreachable':
      return `The agent "${agent}" has no route to ${address}.`;
    case 'not-allowed':
      return `The agent "${agent}" did not ask: ${detail ?? `${address} lies in no network that may be polled`}.`;
    case 'refused':
      return `The device refuses: ${detail ?? 'it does not say why'}.`;
  }
}
