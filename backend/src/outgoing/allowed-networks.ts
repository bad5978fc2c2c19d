import type { OutgoingNetwork, OutgoingNetworkList } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { type IpPrefix, parseAddress, parsePrefix } from '../inventory/network/ip.ts';
import { AppError } from '../problem.ts';

const mostNetworks = 100;
/** Wider ones would be no list of exceptions any more. */
const widest = { 4: 8, 6: 16 } as const;

/** The networks that administrators have allowed, and those of the setting. Kept in memory; only this process writes them. */
export class AllowedNetworks {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #fixed: readonly IpPrefix[];
  #all: readonly IpPrefix[];

  /** @param fixed the setting OUTGOING_NETWORKS, as `parseNetworks` takes it */
  constructor(options: { db: Database; now: () => number; fixed: string }) {
    this.#db = options.db;
    this.#now = options.now;
    this.#fixed = settingNetworks(options.fixed);
    this.#all = this.#fixed;
  }

  /** All of them, as they are now. */
  get all(): readonly IpPrefix[] {
    return this.#all;
  }

  /** Reads what has been allowed; until then only what is set holds. */
  async start(): Promise<void> {
    const rows = await this.#db.selectFrom('outgoing_networks').select('network').execute();
    this.#all = [...this.#fixed, ...rows.flatMap(({ network }) => parsePrefix(network) ?? [])];
  }

  async list(): Promise<OutgoingNetworkList> {
    const rows = await this.#db.selectFrom('outgoing_networks').selectAll().orderBy('id').execute();
    const fixed = this.#fixed.map(
      ({ text }): OutgoingNetwork => ({
        id: null,
        network: text,
        note: '',
        createdAt: null,
        createdBy: null,
      }),
    );
    const own = rows.map(
      (row): OutgoingNetwork => ({
        id: row.id,
        network: row.network,
        note: row.note,
        createdAt: row.created_at,
        createdBy: row.created_by,
      }),
    );
    return { networks: [...fixed, ...own] };
  }

  /** @returns the network in its one form @throws AppError `invalid`, `conflict` */
  async add(given: { network: string; note: string }, by: string): Promise<string> {
    let network: IpPrefix;
    try {
      network = parseNetwork(given.network);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new AppError('invalid', message, [{ path: 'network', message }]);
    }
    if (this.#all.some(({ text }) => text === network.text))
      throw new AppError('conflict', `${network.text} is allowed already.`, [
        { path: 'network', message: 'is allowed already' },
      ]);
    if (this.#all.length >= mostNetworks)
      throw new AppError('conflict', `There are ${mostNetworks} networks already; please join some.`);
    await this.#db
      .insertInto('outgoing_networks')
      .values({ network: network.text, note: given.note, created_at: this.#now(), created_by: by })
      .execute();
    await this.start();
    return network.text;
  }

  /** @returns the network that is not allowed any more @throws AppError `not-found` */
  async remove(id: number): Promise<string> {
    const row = await this.#db
      .deleteFrom('outgoing_networks')
      .where('id', '=', id)
      .returning('network')
      .executeTakeFirst();
    if (row === undefined) throw new AppError('not-found', 'This network is not in the list.');
    await this.start();
    return row.network;
  }
}

function settingNetworks(text: string): IpPrefix[] {
  try {
    return parseNetworks(text);
  } catch (error) {
    throw new Error(`OUTGOING_NETWORKS: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** Networks or addresses, separated by commas. @throws Error naming what is none */
export function parseNetworks(text: string): IpPrefix[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseNetwork);
}

/** @throws Error that says what would be right */
export function parseNetwork(text: string): IpPrefix {
  const address = parseAddress(text);
  const prefix = parsePrefix(address === null ? text : `${text}/${address.family === 4 ? 32 : 128}`);
  if (prefix === null)
    throw new Error(`"${text}" is not a network; one is "10.1.0.0/16", or "10.1.2.3" for one address.`);
  if (prefix.hostBits)
    throw new Error(`"${text}" begins within the network; ${prefix.text} is meant, or a longer prefix.`);
  if (prefix.length < widest[prefix.family])
    throw new Error(`"${text}" is too wide; at most /${widest[prefix.family]}.`);
  return prefix;
}
