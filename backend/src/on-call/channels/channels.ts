import type {
  ChannelChange,
  ChannelSettings,
  ChannelView,
  NewChannel,
  PushSubscriptionGiven,
} from '@rackhaus/config/contract';
import type { z } from 'zod';
import type { SecretBox } from '../../access/secret-box.ts';
import type { Database } from '../../database/tables.ts';
import { AppError } from '../../problem.ts';
import type { Outside } from './http-request.ts';
import type { OpenChannel } from './sender.ts';
import { openStored, StoredSettings, toStored } from './stored.ts';

/** Who asks: administrators see and change all. */
export interface Keeper {
  readonly userId: number;
  readonly isAdministrator: boolean;
}

const mostPerPerson = 20;

/** The ways to reach people. What others may not see of them, addresses that hold secrets, never leaves this class but to send. */
export class Channels {
  readonly #outside: Outside;
  readonly #db: Database;
  readonly #box: SecretBox;
  readonly #now: () => number;

  constructor(options: { db: Database; secretBox: SecretBox; now: () => number; outside: Outside }) {
    this.#outside = options.outside;
    this.#db = options.db;
    this.#box = options.secretBox;
    this.#now = options.now;
  }

  /** One's own; all for administrators. In order of person and rank. */
  async list(keeper: Keeper): Promise<ChannelView[]> {
    const rows = await this.#db
      .selectFrom('channels')
      .selectAll()
      .$if(!keeper.isAdministrator, (query) => query.where('user_id', '=', keeper.userId))
      .orderBy('user_id')
      .orderBy('rank')
      .orderBy('id')
      .execute();
    return rows.map(toView);
  }

  /** @throws AppError `invalid`, `forbidden`, `not-found` */
  async create(channel: z.output<typeof NewChannel>, keeper: Keeper): Promise<ChannelView> {
    const { userId, settings, secret } = channel;
    if (!keeper.isAdministrator) {
      if (userId !== keeper.userId)
        throw new AppError('forbidden', 'Only administrators set up channels of others, or of nobody.');
      // Requests from this server to any address: not for everybody to send.
      if (settings.kind === 'webhook' || settings.kind === 'local')
        throw new AppError('forbidden', 'Only administrators set up webhooks, sirens and lamps.');
    }
    if (settings.kind === 'local' && userId !== null)
      throw new AppError('invalid', 'A siren or lamp belongs to nobody.', [
        { path: 'userId', message: 'must be null for a siren or lamp' },
      ]);
    if (userId === null && settings.kind === 'push')
      throw new AppError('invalid', 'A browser belongs to somebody.', [
        { path: 'userId', message: 'must be a person for push' },
      ]);
    if (settings.kind === 'push' && !secret)
      throw new AppError('invalid', 'Push needs the key of the browser.', [
        { path: 'secret', message: 'must be the auth key of the subscription' },
      ]);
    await this.#checkAddress(settings);
    if (userId !== null) await this.#requireUser(userId);
    const same = this.#db
      .selectFrom('channels')
      .select(({ fn }) => [fn.countAll<number>().as('count'), fn.max('rank').as('rank')])
      .where('user_id', userId === null ? 'is' : '=', userId);
    const { count, rank } = await same.executeTakeFirstOrThrow();
    if (userId !== null && count >= mostPerPerson)
      throw new AppError(
        'conflict',
        `There are ${count} channels already; more than ${mostPerPerson} help nobody.`,
      );
    const { id } = await this.#db
      .insertInto('channels')
      .values({
        user_id: userId,
        kind: settings.kind,
        name: channel.name,
        rank: rank === null ? 0 : Math.min(rank + 1, 1000),
        ...toStored(settings, secret, this.#box),
        min_severity: channel.minSeverity,
        created_at: this.#now(),
        last_sent_at: null,
        last_receipt_at: null,
        failing_since: null,
        last_error: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return this.#view(id);
  }

  /** @throws AppError `not-found`, `forbidden`, `invalid` */
  async change(id: number, change: z.output<typeof ChannelChange>, keeper: Keeper): Promise<ChannelView> {
    const row = await this.#mine(id, keeper);
    const { settings, secret } = change;
    const values: Record<string, unknown> = {};
    if (settings !== undefined || secret !== undefined) {
      if (row.user_id !== null && row.user_id !== keeper.userId)
        throw new AppError('forbidden', 'Where messages to somebody go, only they change.');
      const before = openStored(row, this.#box);
      const after = settings ?? before.settings;
      if (after.kind !== row.kind)
        throw new AppError('invalid', 'The kind of a channel stays as it is.', [
          { path: 'settings.kind', message: `must be "${row.kind}"; make a new channel for another kind` },
        ]);
      if (secret === undefined && before.secret !== null && placeOf(after) !== placeOf(before.settings))
        throw new AppError('invalid', 'The token has to be given again where the address is another one.', [
          { path: 'secret', message: 'has to be given again where the address is another one' },
        ]);
      if (settings !== undefined) await this.#checkAddress(settings);
      Object.assign(values, toStored(after, secret === undefined ? before.secret : secret, this.#box), {
        // What was shown to arrive was another address.
        ...(settings === undefined ? {} : { last_receipt_at: null }),
        failing_since: null,
        last_error: null,
      });
    }
    await this.#db
      .updateTable('channels')
      .set(({ eb }) => ({
        ...values,
        version: eb('version', '+', 1),
        ...(change.name === undefined ? {} : { name: change.name }),
        ...(change.rank === undefined ? {} : { rank: change.rank }),
        ...(change.enabled === undefined ? {} : { enabled: change.enabled ? 1 : 0 }),
        ...(change.enabled === true ? { failing_since: null, last_error: null } : {}),
        ...(change.minSeverity === undefined ? {} : { min_severity: change.minSeverity }),
      }))
      .where('id', '=', id)
      .execute();
    return this.#view(id);
  }

  /** Says at once what sending would run into. @throws OutgoingRefused */
  async #checkAddress(settings: ChannelSettings): Promise<void> {
    switch (settings.kind) {
      case 'push':
        return this.#outside.check(settings.endpoint, 'settings.endpoint');
      case 'ntfy':
        return this.#outside.check(settings.server, 'settings.server');
      case 'webhook':
        return this.#outside.check(settings.url, 'settings.url');
      case 'local':
        await this.#outside.check(settings.onUrl, 'settings.onUrl');
        if (settings.offUrl !== null) await this.#outside.check(settings.offUrl, 'settings.offUrl');
        return;
      case 'email':
      case 'sms':
        return;
    }
  }

  /** @throws AppError `not-found`, `forbidden` */
  async remove(id: number, keeper: Keeper): Promise<void> {
    await this.#mine(id, keeper);
    await this.#db.deleteFrom('channels').where('id', '=', id).execute();
  }

  /** A browser adds itself, or says that it is still there: what it was before, or belonged to somebody else, gives way. */
  async subscribe(given: z.output<typeof PushSubscriptionGiven>, keeper: Keeper): Promise<ChannelView> {
    const { endpoint, p256dh, auth, device, before } = given;
    const settings = { kind: 'push', endpoint, p256dh, device } as const;
    const rows = await this.#db.selectFrom('channels').selectAll().where('kind', '=', 'push').execute();
    let own: number | null = null;
    for (const row of rows) {
      const known = openStored(row, this.#box).settings;
      if (known.kind !== 'push') continue;
      const isThis = known.endpoint === endpoint;
      if (row.user_id === keeper.userId && own === null && (isThis || known.endpoint === before))
        own = row.id;
      else if (isThis) await this.#db.deleteFrom('channels').where('id', '=', row.id).execute();
    }
    if (own === null)
      return this.create(
        {
          userId: keeper.userId,
          name: device === '' ? 'Browser' : device.slice(0, 100),
          settings,
          secret: auth,
          minSeverity: 'warning',
        },
        keeper,
      );
    const row = rows.find(({ id }) => id === own);
    const known = row === undefined ? null : openStored(row, this.#box);
    const isSame =
      known?.settings.kind === 'push' &&
      known.settings.endpoint === endpoint &&
      known.settings.p256dh === p256dh &&
      known.secret === auth;
    await this.#db
      .updateTable('channels')
      .set(({ eb }) => ({
        ...toStored(settings, auth, this.#box),
        version: eb('version', '+', 1),
        // An address that has ended was switched off by itself: the new one takes its place.
        ...(isSame
          ? {}
          : { failing_since: null, last_error: null, ...(row?.failing_since == null ? {} : { enabled: 1 }) }),
      }))
      .where('id', '=', own)
      .execute();
    return this.#view(own);
  }

  /** For who may see it. @throws AppError `not-found`, `forbidden` */
  async get(id: number, keeper: Keeper): Promise<ChannelView> {
    await this.#mine(id, keeper);
    return this.#view(id);
  }

  /** Channels of a kind with their addresses, to know by whom an answer is. */
  async open(kind: 'sms' | 'email'): Promise<OpenChannel[]> {
    const rows = await this.#db.selectFrom('channels').selectAll().where('kind', '=', kind).execute();
    return rows.map((row) => openStored(row, this.#box));
  }

  async #mine(id: number, keeper: Keeper) {
    const row = await this.#db.selectFrom('channels').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw new AppError('not-found', `There is no channel ${id}.`);
    if (!keeper.isAdministrator && row.user_id !== keeper.userId)
      throw new AppError('forbidden', 'This is a channel of somebody else.');
    return row;
  }

  async #view(id: number): Promise<ChannelView> {
    return toView(
      await this.#db.selectFrom('channels').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    );
  }

  async #requireUser(userId: number): Promise<void> {
    const user = await this.#db.selectFrom('users').select('id').where('id', '=', userId).executeTakeFirst();
    if (user === undefined)
      throw new AppError('not-found', `There is nobody with the number ${userId}.`, [
        { path: 'userId', message: `${userId} is nobody; must be a person` },
      ]);
  }
}

/** Where a secret goes to. */
function placeOf(settings: OpenChannel['settings']): string {
  switch (settings.kind) {
    case 'push':
      return settings.endpoint;
    case 'ntfy':
      return new URL(settings.server).origin;
    case 'webhook':
      return new URL(settings.url).origin;
    case 'local':
      return `${new URL(settings.onUrl).origin} ${settings.offUrl === null ? '' : new URL(settings.offUrl).origin}`;
    default:
      return '';
  }
}

type Row = Awaited<ReturnType<typeof readRow>>;
const readRow = (db: Database) => db.selectFrom('channels').selectAll().executeTakeFirstOrThrow();

function toView(row: Row): ChannelView {
  const { target, view, hasSecret } = StoredSettings.parse(JSON.parse(row.settings));
  return {
    id: row.id,
    version: row.version,
    userId: row.user_id,
    name: row.name,
    rank: row.rank,
    target,
    settings: view,
    hasSecret,
    enabled: row.enabled === 1,
    minSeverity: row.min_severity,
    lastSentAt: row.last_sent_at,
    lastReceiptAt: row.last_receipt_at,
    failingSince: row.failing_since,
    lastError: row.last_error,
  };
}
