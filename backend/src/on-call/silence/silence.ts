import { type SilenceAlarm, type SilenceReply, SilenceSettings } from '@rackhaus/config/contract';
import type { SecretBox } from '../../access/secret-box.ts';
import type { Database } from '../../database/tables.ts';
import { AppError } from '../../problem.ts';
import type { OpenChannel } from '../channels/sender.ts';
import { openStored, targetOf } from '../channels/stored.ts';
import type { OpenSettings } from '../settings/settings.ts';
import { callOf } from './calls.ts';

const rowKey = 'silence';
const nobody: SilenceSettings = { agentIds: [], afterSeconds: 180, channelIds: [] };

/** Which agents raise the alarm themselves when this server is silent, and whom they call. */
export class Silence {
  readonly #db: Database;
  readonly #box: SecretBox;
  readonly #open: () => Promise<OpenSettings>;
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();

  constructor(options: {
    db: Database;
    secretBox: SecretBox;
    open: () => Promise<OpenSettings>;
    now: () => number;
  }) {
    this.#db = options.db;
    this.#box = options.secretBox;
    this.#open = options.open;
    this.#now = options.now;
  }

  /** What the agent is handed with its assignment; undefined: it is not one of those that alarm. */
  async planOf(agentId: number): Promise<SilenceAlarm | undefined> {
    const { agentIds, afterSeconds, channelIds } = await this.#settings();
    if (!agentIds.includes(agentId) || channelIds.length === 0) return undefined;
    const open = await this.#open();
    const calls = (await this.#channels()).flatMap((channel) => {
      const call = channelIds.includes(channel.id) ? callOf(channel, open) : null;
      return call === null ? [] : [call];
    });
    return { afterSeconds, language: open.settings.language, calls };
  }

  /** For people: what is set, and which channels an agent can call. */
  async view(): Promise<SilenceReply> {
    const [settings, open, channels, users] = await Promise.all([
      this.#settings(),
      this.#open(),
      this.#channels(),
      this.#db.selectFrom('users').select(['id', 'name']).execute(),
    ]);
    return {
      settings,
      usable: channels
        .filter((channel) => callOf(channel, open) !== null)
        .map(({ id, name, userId, target }) => ({
          id,
          name,
          person: users.find((user) => user.id === userId)?.name ?? null,
          target,
        })),
    };
  }

  /** @throws AppError `invalid` for an agent that there is not, or a channel that agents cannot call */
  async write(settings: SilenceSettings, by: string): Promise<void> {
    const agents = await this.#db.selectFrom('agents').select('id').execute();
    const { usable } = await this.view();
    settings.agentIds.forEach((id, index) => {
      if (!agents.some((agent) => agent.id === id))
        throw wrong(`agentIds.${index}`, `there is no agent ${id}`);
    });
    settings.channelIds.forEach((id, index) => {
      if (!usable.some((channel) => channel.id === id))
        throw wrong(`channelIds.${index}`, `an agent cannot call channel ${id} by itself`);
    });
    const row = { value: JSON.stringify(settings), updated_at: this.#now(), updated_by: by };
    await this.#db
      .insertInto('alert_settings')
      .values({ key: rowKey, sealed: null, ...row })
      .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
      .execute();
    for (const listener of this.#listeners) listener();
  }

  /** Told after each change. Returns how to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #settings(): Promise<SilenceSettings> {
    const row = await this.#db
      .selectFrom('alert_settings')
      .select('value')
      .where('key', '=', rowKey)
      .executeTakeFirst();
    return row === undefined ? nobody : SilenceSettings.parse(JSON.parse(row.value));
  }

  async #channels(): Promise<(OpenChannel & { readonly target: string })[]> {
    const rows = await this.#db
      .selectFrom('channels')
      .select(['id', 'user_id', 'name', 'sealed', 'settings'])
      .where('enabled', '=', 1)
      .where('kind', 'in', ['ntfy', 'webhook', 'sms'])
      .orderBy('id')
      .execute();
    return rows.map((row) => {
      const channel = openStored(row, this.#box);
      return { ...channel, target: targetOf(channel.settings) };
    });
  }
}

function wrong(path: string, message: string): AppError {
  return new AppError('invalid', `${path}: ${message}.`, [{ path, message }]);
}
