import { parseNetworks } from './allowed-networks.ts';
import { Outgoing } from './outgoing.ts';

/** As the setting of tests and of the demo, whose servers all listen on this machine. */
export const loopbackNetworks = '127.0.0.0/8, ::1';

/** What may reach servers of this machine. For tests. */
export function outgoingToLoopback(): Outgoing {
  return new Outgoing({ allowed: () => parseNetworks(loopbackNetworks) });
}
