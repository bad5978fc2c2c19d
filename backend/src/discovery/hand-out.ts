import type { SnmpCredentials } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import type { DiscoveryOrders } from './orders.ts';
import { allowedNetworks, type Scan, textsOf } from './scans.ts';

interface AgentName {
  readonly id: number;
  readonly name: string;
}

/** Gives agents what they need to look through networks: where, how fast, and the credentials for it. */
export class HandOut {
  readonly #db: Database;
  readonly #orders: DiscoveryOrders;
  readonly #agents: () => Promise<readonly AgentName[]>;
  readonly #open: (credentialId: number) => Promise<SnmpCredentials>;
  readonly #handedOut: (agent: AgentName, credentialIds: readonly number[]) => Promise<void>;

  constructor(options: {
    db: Database;
    orders: DiscoveryOrders;
    agents: () => Promise<readonly AgentName[]>;
    /** The secret of a set of credentials. @throws AppError not-found */
    open: (credentialId: number) => Promise<SnmpCredentials>;
    /** Notes that an agent gets credentials; before it does. */
    handedOut: (agent: AgentName, credentialIds: readonly number[]) => Promise<void>;
  }) {
    this.#db = options.db;
    this.#orders = options.orders;
    this.#agents = options.agents;
    this.#open = options.open;
    this.#handedOut = options.handedOut;
  }

  /** @returns false where there is no such agent any more */
  async out(of: {
    readonly runId: number;
    readonly agentId: number;
    readonly scan: Scan;
    readonly networks: readonly string[];
  }): Promise<boolean> {
    const { runId, agentId, scan, networks } = of;
    const agent = (await this.#agents()).find(({ id }) => id === agentId);
    if (agent === undefined) return false;
    const credentials = [];
    for (const id of scan.credentialIds) {
      const secret = await this.#open(id).catch((error: unknown) => {
        // Deleted since: the others are tried.
        if (error instanceof AppError && error.code === 'not-found') return null;
        throw error;
      });
      if (secret !== null) credentials.push({ id, port: scan.snmpPort, credentials: secret });
    }
    await this.#handedOut(
      agent,
      credentials.map(({ id }) => id),
    );
    this.#orders.give(agentId, {
      begin: {
        run: runId,
        networks: [...networks],
        exclude: [...scan.exclude],
        allowed: textsOf(await allowedNetworks(this.#db)),
        credentials,
        neighbours: scan.neighbours,
        perSecond: scan.perSecond,
      },
    });
    return true;
  }
}
