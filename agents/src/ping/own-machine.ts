import { type IpNetwork, isInNetwork } from '@rackhaus/config/contract';

const loopback: IpNetwork = { family: 4, base: 127n << 24n, prefix: 8 };

/** Whether a ping of the address says nothing: this very machine answers at all of these, whoever listens there or not (RFC 1122, 3.2.1.3). */
export function isOwnMachine(address: string): boolean {
  return isInNetwork(address, loopback);
}
