import {
  countAddresses,
  type DiscoveryScan,
  hostRanges,
  type IpNetwork,
  isNetworkWithin,
  type NewScan,
  networkText,
  parseNetwork,
  ScanRepeat,
} from '@rackhaus/config/contract';
import { z } from 'zod';
import { polledNetworks } from '../access/polled-networks.ts';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import { nextTime } from './repeat.ts';
import type { ScanRow } from './tables.ts';

const Texts = z.array(z.string());
const Ids = z.array(z.int());
/** More than any installation needs; keeps a program from filling the list. */
const mostScans = 200;

/** A scan as it is kept. */
export interface Scan {
  readonly id: number;
  readonly name: string;
  readonly networks: readonly string[];
  readonly exclude: readonly string[];
  readonly credentialIds: readonly number[];
  readonly snmpPort: number;
  readonly agentId: number | null;
  readonly neighbours: boolean;
  readonly perSecond: number;
  readonly repeat: ScanRepeat;
  readonly nextAt: number | null;
}

/** What is to be looked through, and when. */
export class Scans {
  readonly #db: Database;
  readonly #now: () => number;

  constructor(options: { db: Database; now: () => number }) {
    this.#db = options.db;
    this.#now = options.now;
  }

  async all(): Promise<Scan[]> {
    const rows = await this.#db.selectFrom('discovery_scans').selectAll().orderBy('name').execute();
    return rows.map(scanOf);
  }

  /** @throws AppError not-found */
  async get(id: number): Promise<Scan> {
    const row = await this.#db
      .selectFrom('discovery_scans')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined)
      throw new AppError('not-found', `There is no scan ${id}.`, undefined, { reason: 'gone' });
    return scanOf(row);
  }

  /** @throws AppError invalid (a network that may not be polled, no such credentials or agent), conflict (name taken, too many) */
  async add(scan: NewScan): Promise<number> {
    return await this.#db.transaction().execute(async (tx) => {
      const { count } = await tx
        .selectFrom('discovery_scans')
        .select((e) => e.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      if (Number(count) >= mostScans)
        throw new AppError('conflict', `There can be ${mostScans} scans at most.`);
      const values = await this.#checked(tx, scan, null);
      const { id } = await tx
        .insertInto('discovery_scans')
        .values({ ...values, created_at: this.#now() })
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    });
  }

  /** @throws AppError as {@link add}; not-found */
  async set(id: number, scan: NewScan): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      const values = await this.#checked(tx, scan, id);
      const { numUpdatedRows } = await tx
        .updateTable('discovery_scans')
        .set(values)
        .where('id', '=', id)
        .executeTakeFirst();
      if (numUpdatedRows === 0n)
        throw new AppError('not-found', `There is no scan ${id}.`, undefined, { reason: 'gone' });
    });
  }

  /** Its runs go with it; what was found stays. @throws AppError not-found */
  async remove(id: number): Promise<void> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('discovery_scans')
      .where('id', '=', id)
      .executeTakeFirst();
    if (numDeletedRows === 0n)
      throw new AppError('not-found', `There is no scan ${id}.`, undefined, { reason: 'gone' });
  }

  /** Scans whose time has come; each is set for its next one. */
  async takeDue(): Promise<Scan[]> {
    const now = this.#now();
    const rows = await this.#db
      .selectFrom('discovery_scans')
      .selectAll()
      .where('next_at', '<=', now)
      .execute();
    const due = rows.map(scanOf);
    for (const { id, repeat } of due)
      await this.#db
        .updateTable('discovery_scans')
        .set({ next_at: nextTime(repeat, now) })
        .where('id', '=', id)
        .execute();
    return due;
  }

  async #checked(tx: Database, scan: NewScan, id: number | null) {
    const taken = await tx
      .selectFrom('discovery_scans')
      .select('id')
      .where('name', '=', scan.name)
      .executeTakeFirst();
    if (taken !== undefined && taken.id !== id)
      throw refused('name', `There is a scan "${scan.name}" already.`, 'taken');
    const allowed = (await polledNetworks(tx)).map(({ network }) => network);
    for (const [index, text] of scan.networks.entries())
      if (!isAllowed(text, allowed)) {
        const message = `${text} lies in no network that may be polled here. An administrator can allow it on the page Administration > Protection; the setting POLLED_NETWORKS does so too.`;
        throw new AppError('invalid', message, [{ path: `networks.${index}`, message }], {
          reason: 'network-not-allowed',
          network: text,
        });
      }
    const known = new Set((await tx.selectFrom('credentials').select('id').execute()).map((row) => row.id));
    for (const [index, credential] of scan.credentialIds.entries())
      if (!known.has(credential))
        throw refused(`credentialIds.${index}`, `There are no credentials ${credential}.`);
    if (scan.agentId !== null) {
      const agent = await tx
        .selectFrom('agents')
        .select('id')
        .where('id', '=', scan.agentId)
        .executeTakeFirst();
      if (agent === undefined) throw refused('agentId', `There is no agent ${scan.agentId}.`);
    }
    return {
      name: scan.name,
      networks: JSON.stringify(scan.networks),
      exclude: JSON.stringify(scan.exclude),
      credential_ids: JSON.stringify(scan.credentialIds),
      snmp_port: scan.snmpPort,
      agent_id: scan.agentId,
      neighbours: scan.neighbours ? 1 : 0,
      per_second: scan.perSecond,
      repeat: JSON.stringify(scan.repeat),
      next_at: nextTime(scan.repeat, this.#now()),
    };
  }
}

/** Whether all of a network lies in one that may be polled. */
export function isAllowed(text: string, allowed: readonly IpNetwork[]): boolean {
  const network = parseNetwork(text);
  return network !== null && allowed.some((outer) => isNetworkWithin(network, outer));
}

/** How many addresses are asked. */
export function addressCount(networks: readonly string[], exclude: readonly string[]): number {
  const parsed = (texts: readonly string[]) => texts.flatMap((text) => parseNetwork(text) ?? []);
  return countAddresses(hostRanges(parsed(networks), parsed(exclude)));
}

/** A scan as screens see it. */
export function scanView(
  scan: Scan,
  known: {
    readonly credentials: ReadonlyMap<number, string>;
    readonly allowed: readonly IpNetwork[];
    readonly lastRun: DiscoveryScan['lastRun'];
  },
): DiscoveryScan {
  const { id, name, networks, exclude, snmpPort, agentId, neighbours, perSecond, repeat, nextAt } = scan;
  return {
    id,
    name,
    networks: [...networks],
    exclude: [...exclude],
    credentials: scan.credentialIds.flatMap((credential) => {
      const called = known.credentials.get(credential);
      return called === undefined ? [] : [{ id: credential, name: called }];
    }),
    snmpPort,
    agentId,
    neighbours,
    perSecond,
    repeat,
    addresses: addressCount(networks, exclude),
    nextAt,
    notAllowed: networks.filter((text) => !isAllowed(text, known.allowed)),
    lastRun: known.lastRun,
  };
}

/** Networks that may be polled, as they are offered. */
export async function allowedNetworks(db: Database): Promise<IpNetwork[]> {
  return (await polledNetworks(db)).map(({ network }) => network);
}

export function textsOf(networks: readonly IpNetwork[]): string[] {
  return [...new Set(networks.map(networkText))];
}

function scanOf(row: ScanRow): Scan {
  return {
    id: row.id,
    name: row.name,
    networks: Texts.parse(JSON.parse(row.networks)),
    exclude: Texts.parse(JSON.parse(row.exclude)),
    credentialIds: Ids.parse(JSON.parse(row.credential_ids)),
    snmpPort: row.snmp_port,
    agentId: row.agent_id,
    neighbours: row.neighbours === 1,
    perSecond: row.per_second,
    repeat: ScanRepeat.parse(JSON.parse(row.repeat)),
    nextAt: row.next_at,
  };
}

function refused(path: string, message: string, reason?: string): AppError {
  return new AppError(
    reason === 'taken' ? 'conflict' : 'invalid',
    message,
    [{ path, message }],
    reason === undefined ? {} : { reason },
  );
}
