import type { Observation, Sightings, SnmpCredentials } from '@rackhaus/config/contract';
import { loadProfiles } from '@rackhaus/config/profiles';
import type { SnmpResponderOptions } from '../../simulator/index.ts';
import { pollDevice } from '../testing/polled-device.ts';

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
  const { credentials, ...serving } = options;
  const { poller, responder, poll, close } = await pollDevice({
    serving,
    profiles: await loadProfiles(),
    ...(credentials && { credentials }),
  });
  const { observation } = await poll();
  return {
    observation,
    sight: async (now = false) => (await poller.sight(never, { now })).sightings,
    received: () => responder.counts.received,
    close,
  };
}
