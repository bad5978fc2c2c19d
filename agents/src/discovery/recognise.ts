import type { DiscoveryJob, FoundByAgent } from '@rackhaus/config/contract';
import type { ProfileSet } from '@rackhaus/config/profiles';
import { addressInIndex } from '../poll/addresses.ts';
import { DevicePoller } from '../poll/device-poller.ts';
import { outcomeOf } from '../probe/job.ts';
import { SnmpError } from '../snmp/error.ts';
import { errorStatus } from '../snmp/message.ts';
import { encodeOid } from '../snmp/oid.ts';
import { ReplySize } from '../snmp/reply-size.ts';
import { SnmpSession } from '../snmp/session.ts';
import type { UdpHub } from '../snmp/udp.ts';
import { walkTables } from '../snmp/walk.ts';

/** sysObjectID, snmpEngineID. */
const first = ['1.3.6.1.2.1.1.2.0', '1.3.6.1.6.3.10.2.1.1.0'].map(encodeOid);
/** ipAddressIfIndex (its index is the address), ipAdEntIfIndex. */
const ownAddresses = ['1.3.6.1.2.1.4.34.1.3', '1.3.6.1.2.1.4.20.1.2'].map((oid) => [encodeOid(oid)]);
/** A device with many tables, or one that is slow. What it did not say by then is found when it is polled. */
const mostMs = 30_000;
const most = { ports: 2000, addresses: 500, neighbours: 1000 } as const;

export type Credential = DiscoveryJob['credentials'][number];
export type Said = NonNullable<FoundByAgent['said']>;
/** How long an answer is waited for, and how often it is asked. */
export interface Patience {
  readonly timeoutMs: number;
  readonly tries: number;
}

/** Asks whether a device answers to these credentials. @throws SnmpError it does not; why */
export async function knock(
  address: string,
  { port, credentials }: Credential,
  parts: { readonly hub: UdpHub; readonly patience: Patience },
  signal: AbortSignal,
): Promise<void> {
  await withSession(
    address,
    port,
    credentials,
    parts.hub,
    signal,
    async (session) => {
      const { errorStatus: status } = await session.request('get', first.slice(0, 1), parts.patience);
      if (status === errorStatus.authorizationError)
        throw new SnmpError('refused', 'the device gives this user or community no access', 'access');
    },
    parts.patience.timeoutMs,
  );
}

/** What became of the credentials, in the order in which they were tried; the first to which the device answers is the last. */
export async function tryCredentials(
  address: string,
  credentials: readonly Credential[],
  parts: { readonly hub: UdpHub; readonly patience: Patience },
  signal: AbortSignal,
): Promise<{ readonly tried: FoundByAgent['tried']; readonly answers: Credential | null }> {
  const tried: FoundByAgent['tried'] = [];
  let silentToV3 = false;
  for (const credential of credentials) {
    if (signal.aborted) break;
    // The first question of SNMPv3 names no user: who is silent to it is so for all of them.
    if (credential.credentials.version === '3' && silentToV3) {
      tried.push({ credential: credential.id, outcome: 'silent' });
      continue;
    }
    try {
      await knock(address, credential, parts, signal);
      tried.push({ credential: credential.id, outcome: 'answers' });
      return { tried, answers: credential };
    } catch (error) {
      if (!(error instanceof SnmpError)) throw error;
      const outcome = outcomeOf(error);
      if (credential.credentials.version === '3') silentToV3 = outcome === 'silent';
      if (!signal.aborted) tried.push({ credential: credential.id, outcome });
    }
  }
  return { tried, answers: null };
}

/**
 * What a device says of itself, read as polling reads it, so that what is found and what is polled later are the same. null: it
 * answered once and then no more.
 */
export async function readDevice(
  address: string,
  credential: Credential,
  parts: { readonly hub: UdpHub; readonly profiles: ProfileSet; readonly now: () => number },
  stopped: AbortSignal,
): Promise<Said | null> {
  const { port, credentials } = credential;
  const { hub, profiles, now } = parts;
  const signal = AbortSignal.any([stopped, AbortSignal.timeout(mostMs)]);
  const poller = new DevicePoller({
    device: {
      id: 1,
      name: address,
      address,
      snmp: { port, credentials },
      profile: null,
      intervalSeconds: 3600,
      ping: false,
      tcp: [],
    },
    profiles,
    now,
    hub,
  });
  try {
    const { observation } = await poller.poll(signal);
    if (observation === null) return null;
    const { objectId, engineId, addresses } = await beside(address, credential, hub, signal);
    return {
      credential: credential.id,
      engineId,
      identity: { ...observation.identity, objectId },
      profile: observation.profile,
      kinds: [...new Set(observation.entities.map(({ kind }) => kind))],
      ports: observation.ports.slice(0, most.ports),
      addresses,
      neighbours: observation.neighbours.slice(0, most.neighbours),
    };
  } finally {
    poller.close();
  }
}

/** What polling does not need: it tells devices apart that answer at several addresses. */
async function beside(
  address: string,
  { port, credentials }: Credential,
  hub: UdpHub,
  signal: AbortSignal,
): Promise<{ objectId: string | null; engineId: string | null; addresses: string[] }> {
  try {
    return await withSession(address, port, credentials, hub, signal, async (session) => {
      const [objectId, engineId] = await session.get(first);
      const { tables } = await walkTables(session, new ReplySize(), ownAddresses, {
        deadline: performance.now() + mostMs,
        rows: most.addresses,
        attempts: 2,
      });
      const [byIndex, older] = tables;
      const addresses = new Set<string>();
      for (const { index } of byIndex?.rows ?? []) {
        const text = addressInIndex(index.split('.'));
        if (text !== null) addresses.add(text);
      }
      for (const { index } of older?.rows ?? []) if (index.split('.').length === 4) addresses.add(index);
      return {
        objectId: typeof objectId === 'string' ? objectId : null,
        engineId:
          engineId instanceof Uint8Array && engineId.length <= 32
            ? Buffer.from(engineId).toString('hex')
            : null,
        addresses: [...addresses]
          .filter((one) => !/^(127\.|0\.|169\.254\.|::1$|fe80:)/i.test(one))
          .slice(0, most.addresses),
      };
    });
  } catch (error) {
    if (error instanceof SnmpError) return { objectId: null, engineId: null, addresses: [] };
    throw error;
  }
}

async function withSession<T>(
  address: string,
  port: number,
  credentials: Credential['credentials'],
  hub: UdpHub,
  signal: AbortSignal,
  work: (session: SnmpSession) => Promise<T>,
  firstMs = 2000,
): Promise<T> {
  const session = new SnmpSession({ host: address, port, credentials, hub, firstMs });
  const cancel = () => session.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    if (signal.aborted) throw new SnmpError('closed', 'nobody wants to know any more');
    return await work(session);
  } finally {
    signal.removeEventListener('abort', cancel);
    session.close();
  }
}
