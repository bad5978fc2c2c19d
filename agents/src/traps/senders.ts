import { lookup } from 'node:dns/promises';
import { isIP, SocketAddress } from 'node:net';
import type { AssignedDevice } from '@rackhaus/config/contract';

/** A name may move to another address. */
const lookAgainMs = 600_000;

/** Assigned devices by the address that they send from; those with SNMP, where nothing else is said. */
export class TrapSenders {
  readonly #resolve: (name: string) => Promise<readonly string[]>;
  readonly #of: (device: AssignedDevice) => boolean;
  #devices: readonly AssignedDevice[] = [];
  #byAddress = new Map<string, AssignedDevice[]>();
  #timer: NodeJS.Timeout | null = null;

  constructor(
    options: {
      resolve?: (name: string) => Promise<readonly string[]>;
      of?: (device: AssignedDevice) => boolean;
    } = {},
  ) {
    this.#resolve = options.resolve ?? addressesOf;
    this.#of = options.of ?? (({ snmp }) => snmp !== null);
  }

  /** Who there is from now on. */
  set(devices: readonly AssignedDevice[]): void {
    this.#devices = devices.filter(this.#of);
    this.#byAddress = new Map();
    for (const device of this.#devices)
      if (isIP(device.address) !== 0) this.#add(canonical(device.address), device);
    this.#lookUp();
  }

  at(address: string): readonly AssignedDevice[] {
    return this.#byAddress.get(isIP(address) === 6 ? canonical(address) : address) ?? [];
  }

  stop(): void {
    this.#disarm();
    this.#devices = [];
  }

  #lookUp(): void {
    this.#disarm();
    const named = this.#devices.filter(({ address }) => isIP(address) === 0);
    if (named.length === 0) return;
    this.#timer = setTimeout(() => this.set(this.#devices), lookAgainMs);
    this.#timer.unref();
    const devices = this.#devices;
    for (const device of named)
      void this.#resolve(device.address).then(
        (addresses) => {
          if (this.#devices !== devices) return;
          for (const address of addresses) this.#add(canonical(address), device);
        },
        // A name without an address sends nothing that could be told apart; the next look may find one.
        () => undefined,
      );
  }

  #disarm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #add(address: string, device: AssignedDevice): void {
    this.#byAddress.set(address, [...(this.#byAddress.get(address) ?? []), device]);
  }
}

async function addressesOf(name: string): Promise<string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
}

function canonical(address: string): string {
  return isIP(address) === 6 ? new SocketAddress({ address, family: 'ipv6' }).address : address;
}
