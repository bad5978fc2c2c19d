import { z } from 'zod';
import type { Database } from '../../database/tables.ts';
import { oneAtATime } from '../../one-at-a-time.ts';
import { AppError } from '../../problem.ts';
import type { AgentFacts } from '../root-cause/facts.ts';

/** Number under which this server itself stands among the agents. */
export const serverPlace = 0;
const serverSetting = 'server-device';
const ServerDevice = z.strictObject({ deviceId: z.int().positive() });

/** Calls a listener with every change; returns how to end that. */
type Follow = (listener: () => void) => () => void;

export interface AgentPlace {
  readonly agentId: number;
  readonly deviceId: number | null;
}

/** On which documented device each agent runs, and this server: where they see the network from. */
export class AgentPlacesStore {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #load: () => Promise<void>;
  readonly #follow: readonly Follow[];
  readonly #onError: (error: unknown) => void;
  #agents: readonly AgentFacts[] = [];
  #server: number | null = null;
  #stops: (() => void)[] = [];

  constructor(options: {
    db: Database;
    now: () => number;
    /** What tells that agents or devices have changed. */
    follow: readonly Follow[];
    onError: (error: unknown) => void;
  }) {
    this.#db = options.db;
    this.#now = options.now;
    this.#follow = options.follow;
    this.#onError = options.onError;
    this.#load = oneAtATime(async () => {
      this.#agents = await this.#readAgents();
      this.#server = await this.#readServer();
    });
  }

  async start(): Promise<void> {
    this.#stops = this.#follow.map((onChange) =>
      onChange(() => {
        this.#load().catch(this.#onError);
      }),
    );
    await this.#load();
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** All agents with their places, from memory. */
  agents(): readonly AgentFacts[] {
    return this.#agents;
  }

  /** Devices that agents run on, from memory. */
  devices(): readonly number[] {
    return [...new Set(this.#agents.flatMap(({ deviceId }) => (deviceId === null ? [] : [deviceId])))];
  }

  /** On which documented device this server runs, from memory. null: nobody said so. */
  serverDevice(): number | null {
    return this.#server;
  }

  /** Every agent, and first this server. */
  all(): AgentPlace[] {
    return [
      { agentId: serverPlace, deviceId: this.#server },
      ...this.#agents.map(({ id, deviceId }) => ({ agentId: id, deviceId })),
    ];
  }

  /**
   * Sets the places that are given and leaves the others. All or nothing.
   * @throws AppError `invalid` naming the agent or device that there is not
   */
  async set(places: readonly AgentPlace[], by: string): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      for (const [index, { agentId, deviceId }] of places.entries()) {
        await mustExist(tx, places, index);
        if (agentId === serverPlace) {
          await tx.deleteFrom('alert_settings').where('key', '=', serverSetting).execute();
          if (deviceId !== null)
            await tx
              .insertInto('alert_settings')
              .values({
                key: serverSetting,
                value: JSON.stringify({ deviceId }),
                sealed: null,
                updated_at: this.#now(),
                updated_by: by,
              })
              .execute();
          continue;
        }
        await tx.deleteFrom('agent_places').where('agent_id', '=', agentId).execute();
        if (deviceId !== null)
          await tx.insertInto('agent_places').values({ agent_id: agentId, device_id: deviceId }).execute();
      }
    });
    await this.#load();
  }

  #readAgents(): Promise<AgentFacts[]> {
    return this.#db
      .selectFrom('agents')
      .leftJoin('agent_places', 'agent_places.agent_id', 'agents.id')
      .select(['agents.id', 'agents.name', 'agent_places.device_id as deviceId'])
      .orderBy('agents.id')
      .execute();
  }

  async #readServer(): Promise<number | null> {
    const row = await this.#db
      .selectFrom('alert_settings')
      .select('value')
      .where('key', '=', serverSetting)
      .executeTakeFirst();
    if (row === undefined) return null;
    const { deviceId } = ServerDevice.parse(JSON.parse(row.value));
    // The device may have been deleted since.
    const device = await this.#db
      .selectFrom('devices')
      .select('id')
      .where('id', '=', deviceId)
      .executeTakeFirst();
    return device?.id ?? null;
  }
}

async function mustExist(tx: Database, places: readonly AgentPlace[], index: number): Promise<void> {
  const { agentId, deviceId } = places[index] ?? { agentId: serverPlace, deviceId: null };
  const wrong = (field: string, message: string) =>
    new AppError('invalid', message, [{ path: `places.${index}.${field}`, message }]);
  if (places.findIndex((place) => place.agentId === agentId) !== index)
    throw wrong('agentId', `The agent ${agentId} is named twice.`);
  if (agentId !== serverPlace) {
    const agent = await tx.selectFrom('agents').select('id').where('id', '=', agentId).executeTakeFirst();
    if (agent === undefined) throw wrong('agentId', `There is no agent ${agentId}.`);
  }
  if (deviceId === null) return;
  const device = await tx.selectFrom('devices').select('id').where('id', '=', deviceId).executeTakeFirst();
  if (device === undefined) throw wrong('deviceId', `There is no device ${deviceId}.`);
}
