import type { Observation, ObservedNeighbour } from '@rackhaus/config/contract';
import { isShared, macOf, nameKeys, portKey, readPortName } from './port-names.ts';

/** A device as far as it can be recognised. */
export interface KnownDevice {
  readonly id: number;
  readonly name: string;
  /** Documented addresses, and the one at which it is polled. */
  readonly addresses: readonly string[];
  /** Its network ports by the documentation. */
  readonly ports: readonly KnownPort[];
}
export interface KnownPort {
  readonly id: number;
  readonly name: string;
  readonly label: string | null;
  readonly mac: string | null;
}

/** Whom an identity means. `portId` null: which of its ports is not known. */
export interface Met {
  readonly deviceId: number;
  readonly portId: number | null;
}

type Neighbour = Pick<
  ObservedNeighbour,
  'remoteName' | 'remotePort' | 'remoteDescription' | 'chassis' | 'portDescription' | 'managementAddress'
>;

interface PortWords {
  readonly exact: Map<string, number | null>;
  readonly keys: Map<string, number | null>;
  readonly descriptions: Map<string, number | null>;
  readonly macs: Map<string, number | null>;
  readonly indexes: Map<string, number | null>;
  readonly numbers: Map<string, number | null>;
}

/**
 * Recognises devices and ports by what others say of them, from the documentation and from what the devices say of themselves.
 * What fits several means nobody.
 */
export class Directory {
  readonly #devices = new Map<number, KnownDevice>();
  readonly #observations: ReadonlyMap<number, Observation>;
  readonly #macs = new Map<string, Met | null>();
  readonly #learned = new Map<string, Met>();
  readonly #addresses = new Map<string, number | null>();
  readonly #names: readonly Map<string, number | null>[] = [new Map(), new Map(), new Map()];
  readonly #words = new Map<number, PortWords>();
  /** Documented ports by the names under which their devices report them. */
  readonly #ports = new Map<number, Map<string, number | null>>();
  readonly #identified = new Set<number>();

  constructor(options: {
    devices: readonly KnownDevice[];
    observations: ReadonlyMap<number, Observation>;
  }) {
    this.#observations = options.observations;
    for (const device of options.devices) this.#add(device);
  }

  /** IP address to MAC address, as routers and switches tell now: what they told before is forgotten. */
  learn(addresses: Iterable<readonly [string, string]>): void {
    this.#learned.clear();
    for (const [address, mac] of addresses) {
      const deviceId = this.#addresses.get(address);
      const normal = macOf(mac);
      if (deviceId === undefined || deviceId === null || normal === null || isShared(normal)) continue;
      this.#learned.set(normal, { deviceId, portId: null });
    }
  }

  /** Whether it can be told that somebody else is not this device: it is polled, or an address of it is known. */
  isIdentified(deviceId: number): boolean {
    return this.#identified.has(deviceId);
  }

  /** Whose MAC address it is. */
  byMac(mac: string): Met | null {
    const met = this.#macs.get(mac);
    return met === undefined ? (this.#learned.get(mac) ?? null) : met;
  }

  /** The documented port that a device itself calls by this name. */
  ownPort(deviceId: number, name: string): number | null {
    let known = this.#ports.get(deviceId);
    if (known === undefined) {
      known = new Map();
      this.#ports.set(deviceId, known);
    }
    const before = known.get(name);
    if (before !== undefined) return before;
    const words = this.#wordsOf(deviceId);
    const found = words.exact.get(name) ?? words.keys.get(portKey(name)) ?? null;
    known.set(name, found);
    return found;
  }

  /** Whom a neighbour entry means: by MAC address, management address, then name. */
  neighbour(neighbour: Neighbour): Met | null {
    const deviceId = this.#deviceOf(neighbour);
    return deviceId === null ? null : { deviceId, portId: this.#portOf(deviceId, neighbour) };
  }

  #deviceOf({ chassis, managementAddress, remoteName, remotePort }: Neighbour): number | null {
    for (const text of [chassis, remoteName, remotePort]) {
      const mac = macOf(text);
      const met = mac === null ? null : this.byMac(mac);
      if (met !== null) return met.deviceId;
    }
    for (const address of [managementAddress, chassis]) {
      const met = address === null ? undefined : this.#addresses.get(address);
      if (met !== undefined && met !== null) return met;
    }
    for (const name of [remoteName, chassis]) {
      if (name === null || name === '' || macOf(name) !== null) continue;
      const { full, short, loose } = nameKeys(name);
      for (const [index, key] of [full, short, loose].entries()) {
        const met = key === '' ? undefined : this.#names[index]?.get(key);
        if (met !== undefined && met !== null) return met;
      }
    }
    return null;
  }

  #portOf(deviceId: number, { remotePort, portDescription, remoteDescription }: Neighbour): number | null {
    const words = this.#wordsOf(deviceId);
    const mac = macOf(remotePort);
    if (mac !== null) {
      const byMac = words.macs.get(mac);
      if (byMac !== undefined && byMac !== null) return byMac;
    }
    for (const text of [remotePort, portDescription ?? remoteDescription]) {
      if (text === null || text === '' || macOf(text) !== null) continue;
      const found = words.exact.get(text) ?? words.keys.get(portKey(text)) ?? words.descriptions.get(text);
      if (found !== undefined && found !== null) return found;
    }
    // The number of a port alone: an ifIndex, or what is written beside the jack.
    const { kind, number } = readPortName(remotePort);
    if (mac !== null || kind !== '' || number === '') return null;
    return words.indexes.get(number) ?? words.numbers.get(number) ?? null;
  }

  #add(device: KnownDevice): void {
    this.#devices.set(device.id, device);
    const observed = this.#observations.get(device.id);
    if (
      observed !== undefined ||
      device.addresses.length > 0 ||
      device.ports.some((port) => port.mac !== null)
    )
      this.#identified.add(device.id);
    for (const address of device.addresses) once(this.#addresses, address, device.id);
    for (const name of new Set([device.name, observed?.identity.name ?? device.name])) {
      const { full, short, loose } = nameKeys(name);
      for (const [index, key] of [full, short, loose].entries()) {
        const names = this.#names[index];
        if (names !== undefined && key !== '') once(names, key, device.id);
      }
    }
    for (const port of device.ports) this.#mac(macOf(port.mac), device.id, port.id);
    for (const port of observed?.ports ?? []) {
      const mac = macOf(port.mac);
      if (mac !== null && mac !== '00:00:00:00:00:00')
        this.#mac(mac, device.id, this.ownPort(device.id, port.name));
    }
  }

  /** One address at several ports of a device (a bond, a stack) still tells the device; one of several devices tells nothing. */
  #mac(mac: string | null, deviceId: number, portId: number | null): void {
    if (mac === null || isShared(mac)) return;
    const known = this.#macs.get(mac);
    if (known === undefined) this.#macs.set(mac, { deviceId, portId });
    else if (known !== null && known.deviceId !== deviceId) this.#macs.set(mac, null);
    else if (known !== null && known.portId !== portId) this.#macs.set(mac, { deviceId, portId: null });
  }

  #wordsOf(deviceId: number): PortWords {
    const known = this.#words.get(deviceId);
    if (known !== undefined) return known;
    const words: PortWords = {
      exact: new Map(),
      keys: new Map(),
      descriptions: new Map(),
      macs: new Map(),
      indexes: new Map(),
      numbers: new Map(),
    };
    const device = this.#devices.get(deviceId);
    for (const port of device?.ports ?? []) {
      once(words.exact, port.name, port.id);
      once(words.keys, portKey(port.name), port.id);
      const { number } = readPortName(port.name);
      if (number !== '') once(words.numbers, number, port.id);
      const mac = macOf(port.mac);
      if (mac !== null) once(words.macs, mac, port.id);
    }
    // What is written beside a port counts only where no port is called so.
    for (const port of device?.ports ?? [])
      if (port.label !== null && !words.exact.has(port.label)) once(words.descriptions, port.label, port.id);
    this.#words.set(deviceId, words);
    for (const port of this.#observations.get(deviceId)?.ports ?? []) {
      const id = words.exact.get(port.name) ?? words.keys.get(portKey(port.name)) ?? null;
      if (id === null) continue;
      for (const text of [port.description, port.alias])
        if (text !== null && text !== '' && !words.exact.has(text)) once(words.descriptions, text, id);
      if (port.description !== null && !words.keys.has(portKey(port.description)))
        words.keys.set(portKey(port.description), id);
      const mac = macOf(port.mac);
      if (mac !== null) once(words.macs, mac, id);
      once(words.indexes, String(port.ifIndex), id);
    }
    return words;
  }
}

/** Notes whom a word means; null once it means several. */
function once(words: Map<string, number | null>, word: string, id: number): void {
  const before = words.get(word);
  words.set(word, before === undefined || before === id ? id : null);
}
