import type { Directory } from './match.ts';

/** What tells whether a device of the documentation leads on to others. */
export interface LeadingOn {
  readonly directory: Pick<Directory, 'ownPort'>;
  /** Devices whose ports lead on to others: switches, routers, firewalls. */
  readonly passesOn: (deviceId: number) => boolean;
  /** Where the documentation leads from a port: the device at the other end; null: nowhere. */
  readonly documentedFar: (portId: number) => number | null;
}

/** Ports, as their devices name them, that lead to more of the network: who is learned there may hang anywhere behind them. */
export class Uplinks {
  readonly #known: LeadingOn;
  readonly #met = new Map<number, Set<string>>();

  constructor(known: LeadingOn) {
    this.#known = known;
  }

  /** A port sees a device that has introduced itself. */
  sees(deviceId: number, port: string, met: number): void {
    if (!this.#known.passesOn(met)) return;
    const ports = this.#met.get(deviceId);
    if (ports === undefined) this.#met.set(deviceId, new Set([port]));
    else ports.add(port);
  }

  has(deviceId: number, port: string): boolean {
    if (this.#met.get(deviceId)?.has(port)) return true;
    const portId = this.#known.directory.ownPort(deviceId, port);
    const far = portId === null ? null : this.#known.documentedFar(portId);
    return far !== null && this.#known.passesOn(far);
  }
}
