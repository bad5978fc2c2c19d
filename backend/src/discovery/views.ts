import {
  type DeviceRole,
  type FoundDetail,
  type FoundDevice,
  type FoundQuery,
  type FoundReply,
  foundStates,
} from '@rackhaus/config/contract';
import type { ExpressionBuilder } from 'kysely';
import type { Database, Tables } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import { proposalFor, type UsedType } from './proposal.ts';
import { readSaid, readTexts, readTried } from './said.ts';
import { type SeatIndex, seatsOf } from './seats.ts';
import type { FoundRow } from './tables.ts';

type Found = ExpressionBuilder<Tables, 'discovery_found'>;
type State = (typeof foundStates)[number];

/** Shows what was found. */
export class FoundViews {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #index: () => Promise<SeatIndex>;
  readonly #roleOf: (profile: string) => DeviceRole | null;

  constructor(options: {
    db: Database;
    now: () => number;
    index: () => Promise<SeatIndex>;
    /** What devices of a profile are used as. */
    roleOf: (profile: string) => DeviceRole | null;
  }) {
    this.#db = options.db;
    this.#now = options.now;
    this.#index = options.index;
    this.#roleOf = options.roleOf;
  }

  async list(query: FoundQuery): Promise<FoundReply> {
    const now = this.#now();
    const chosen = this.selected({ ...query, state: query.state }).where((e) => shownAs(e, query.show));
    const { total } = await chosen
      .select((e) => e.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    const { recognised } = await chosen
      .where('said', 'is not', null)
      .where('gone_since', 'is', null)
      .select((e) => e.fn.countAll<number>().as('recognised'))
      .executeTakeFirstOrThrow();
    const by = { address: 'address_key', name: 'name', vendor: 'vendor', newest: 'first_seen' } as const;
    let page = chosen.selectAll();
    if (query.order === 'newest') page = page.orderBy('first_seen', 'desc');
    // What has no name comes last.
    else if (query.order !== 'address')
      page = page.orderBy(by[query.order], (order) => order.asc().nullsLast());
    const rows = await page
      .orderBy('address_key')
      .limit(query.size)
      .offset((query.page - 1) * query.size)
      .execute();
    return {
      found: await this.devices(rows),
      total: Number(total),
      recognised: Number(recognised),
      counts: await this.counts(),
      serverTime: now,
    };
  }

  /** How many there are in each state. */
  async counts(): Promise<FoundReply['counts']> {
    const now = this.#now();
    const counts: FoundReply['counts'] = { new: 0, known: 0, ignored: 0 };
    for (const state of foundStates) {
      const { count } = await this.#db
        .selectFrom('discovery_found')
        .select((e) => e.fn.countAll<number>().as('count'))
        .where((e) => inState(e, state, now))
        .executeTakeFirstOrThrow();
      counts[state] = Number(count);
    }
    return counts;
  }

  /** Those that a selection means; to be narrowed or read. */
  selected({ state, search, scan }: { state: State; search: string; scan?: number | undefined }) {
    const now = this.#now();
    let query = this.#db.selectFrom('discovery_found').where((e) => inState(e, state, now));
    if (scan !== undefined) query = query.where('scan_id', '=', scan);
    for (const word of search.toLowerCase().split(/\s+/))
      if (word !== '') query = query.where('search', 'like', `%${word.replaceAll(/[%_]/g, '')}%`);
    return query;
  }

  /** @throws AppError not-found */
  async detail(id: number): Promise<FoundDetail> {
    const row = await this.#db
      .selectFrom('discovery_found')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    const [device] = row === undefined ? [] : await this.devices([row]);
    if (row === undefined || device === undefined)
      throw new AppError('not-found', `Nothing that was found has the number ${id}.`, undefined, {
        reason: 'gone',
      });
    const said = readSaid(row.said);
    const names = await this.#credentials();
    return {
      device,
      ports: said?.ports ?? [],
      neighbours: said?.neighbours ?? [],
      tried: readTried(row.tried).map(({ credential, outcome }) => ({
        credential: { id: credential, name: names.get(credential) ?? '' },
        outcome,
      })),
    };
  }

  /** These rows as screens see them. */
  async devices(rows: readonly FoundRow[]): Promise<FoundDevice[]> {
    if (rows.length === 0) return [];
    const read = rows.map((row) => ({ row, said: readSaid(row.said), addresses: readTexts(row.addresses) }));
    const [types, credentials, names, seats] = await Promise.all([
      usedTypes(this.#db),
      this.#credentials(),
      this.#deviceNames(rows.flatMap(({ device_id }) => device_id ?? [])),
      seatsOf(
        this.#db,
        await this.#index(),
        read.map(({ row, said, addresses }) => ({
          ...{ id: row.id, mac: row.mac, said, addresses },
          deviceId: row.device_id,
        })),
      ),
    ]);
    const now = this.#now();
    const { macs } = await this.#index();
    return read.map(({ row, said, addresses }) => ({
      id: row.id,
      address: row.address,
      addresses,
      mac: row.mac ?? macs.get(row.address) ?? null,
      pingMs: row.ping_ms,
      hostName: row.host_name,
      state: stateOf(row, now),
      credential:
        row.credential_id === null
          ? null
          : { id: row.credential_id, name: credentials.get(row.credential_id) ?? '' },
      identity: said?.identity ?? null,
      profile: said?.profile ?? null,
      proposal: proposalFor(
        {
          address: row.address,
          hostName: row.host_name,
          said,
          profileRole: said === null ? null : this.#roleOf(said.profile),
        },
        types,
      ),
      seat: seats.get(row.id) ?? null,
      known:
        row.device_id === null || row.known_by === null
          ? null
          : { deviceId: row.device_id, name: names.get(row.device_id) ?? '', by: row.known_by },
      ignored:
        stateOf(row, now) !== 'ignored' || row.ignored_at === null
          ? null
          : {
              reason: row.ignored_reason ?? '',
              until: row.ignored_until,
              by: row.ignored_by,
              at: row.ignored_at,
            },
      firstSeen: row.first_seen,
      lastSeen: row.last_seen,
      goneSince: row.gone_since,
      scanId: row.scan_id,
      recognised: said !== null,
    }));
  }

  async #credentials(): Promise<Map<number, string>> {
    const rows = await this.#db.selectFrom('credentials').select(['id', 'name']).execute();
    return new Map(rows.map(({ id, name }) => [id, name]));
  }

  async #deviceNames(ids: readonly number[]): Promise<Map<number, string>> {
    if (ids.length === 0) return new Map();
    const rows = await this.#db
      .selectFrom('devices')
      .select(['id', 'name'])
      .where('id', 'in', [...new Set(ids)])
      .execute();
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}

/** The types of the installation, each with what most devices of it are used as. */
export async function usedTypes(db: Database): Promise<UsedType[]> {
  const types = await db
    .selectFrom('device_types')
    .select(['id', 'manufacturer', 'model', 'part_number'])
    .execute();
  const roles = await db
    .selectFrom('devices')
    .select((e) => ['type_id', 'role', e.fn.countAll<number>().as('count')])
    .groupBy(['type_id', 'role'])
    .orderBy('count')
    .execute();
  const most = new Map(roles.map(({ type_id, role }) => [type_id, role]));
  return types.map((type) => ({ ...type, role: most.get(type.id) ?? null }));
}

function stateOf(row: FoundRow, now: number): State {
  if (row.device_id !== null) return 'known';
  return row.ignored_at !== null && (row.ignored_until === null || row.ignored_until > now)
    ? 'ignored'
    : 'new';
}

/** The same as {@link stateOf}, for a query. */
function inState(e: Found, state: State, now: number) {
  if (state === 'known') return e('device_id', 'is not', null);
  const until = e.or([e('ignored_until', 'is', null), e('ignored_until', '>', now)]);
  const ignored = e.and([e('ignored_at', 'is not', null), until]);
  return e.and([e('device_id', 'is', null), state === 'ignored' ? ignored : e.not(ignored)]);
}

function shownAs(e: Found, show: FoundQuery['show']) {
  if (show === 'snmp') return e('said', 'is not', null);
  if (show === 'silent') return e('said', 'is', null);
  return show === 'gone' ? e('gone_since', 'is not', null) : e.val(1).$castTo<boolean>();
}
