import { DrillEnd, DrillList, drillScenarios, NewDrill } from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Incidents } from '../../alerting/parts.ts';
import type { Database } from '../../database/tables.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { WithId } from '../../http/with-id.ts';
import { devicePlaces } from '../../inventory/device-places.ts';
import { oneAtATime } from '../../one-at-a-time.ts';
import { AppError } from '../../problem.ts';
import { listDrills } from './list.ts';
import { playedFault } from './scenarios.ts';

/** Nobody forgets a drill for longer than this. */
const longestMs = 60 * 60_000;
const tickMs = 10_000;

const Made = z.strictObject({ id: z.int() });

/**
 * Drills: a fault is played that runs through the whole chain, one at a time. What is played is in the database; a restart goes
 * on with it. It ends by hand, when its incident is resolved by hand, or after an hour.
 */
export class Drills {
  readonly routes: readonly Route[];
  readonly #db: Database;
  readonly #incidents: Pick<Incidents, 'report' | 'onChange'>;
  readonly #now: () => number;
  readonly #onError: (message: string, error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #unsubscribe: (() => void) | undefined;
  #playing = false;
  readonly #follow = oneAtATime(() => this.#followNow());

  constructor(options: {
    db: Database;
    incidents: Pick<Incidents, 'report' | 'onChange'>;
    now: () => number;
    onError: (message: string, error: unknown) => void;
  }) {
    this.#db = options.db;
    this.#incidents = options.incidents;
    this.#now = options.now;
    this.#onError = options.onError;
    this.routes = [
      defineRoute({
        method: 'get',
        path: '/api/drills',
        summary: 'The record of each drill, newest first.',
        reply: DrillList,
        handle: () => listDrills(this.#db),
      }),
      defineRoute({
        method: 'post',
        path: '/api/drills',
        summary: 'Plays a fault that runs through the whole chain of alerting, marked as a drill.',
        body: NewDrill,
        reply: Made,
        handle: async ({ body, caller }) => {
          // One that nobody ended is over by now, perhaps.
          await this.#follow();
          const id = await this.#begin(body, caller.kind === 'person' ? caller.name : '');
          await this.#follow();
          return { id };
        },
      }),
      defineRoute({
        method: 'post',
        path: '/api/drills/:id/end',
        summary: 'Ends a drill; its incident is resolved. Ended already, only what came of it is written.',
        params: WithId,
        body: DrillEnd,
        handle: async ({ params, body }) => {
          await this.#end(params.id, body.result);
          await this.#follow();
          return undefined;
        },
      }),
    ];
  }

  async start(): Promise<void> {
    await this.#follow();
    this.#unsubscribe = this.#incidents.onChange(() => {
      if (this.#playing) this.#inBackground();
    });
    this.#timer = setInterval(() => {
      if (this.#playing) this.#inBackground();
    }, tickMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#unsubscribe?.();
    await this.#follow().catch((error: unknown) => this.#failed(error));
  }

  #inBackground(): void {
    this.#follow().catch((error: unknown) => this.#failed(error));
  }

  #failed(error: unknown): void {
    this.#onError('a drill could not be followed', error);
  }

  async #begin(drill: z.output<typeof NewDrill>, by: string): Promise<number> {
    return this.#db.transaction().execute(async (tx) => {
      const other = await tx
        .selectFrom('drills')
        .select(['id', 'name'])
        .where('ended_at', 'is', null)
        .executeTakeFirst();
      if (other !== undefined)
        throw new AppError(
          'conflict',
          `The drill "${other.name}" is still going on; end it first.`,
          undefined,
          {
            reason: 'drill-going-on',
          },
        );
      const device = (await devicePlaces(tx, [drill.deviceId])).get(drill.deviceId);
      if (device === undefined)
        throw new AppError('invalid', `deviceId: there is no device ${drill.deviceId}.`, [
          { path: 'deviceId', message: `there is no device ${drill.deviceId}` },
        ]);
      const { id } = await tx
        .insertInto('drills')
        .values({
          incident_id: null,
          name: drill.name,
          scenario: drill.scenario,
          device_id: drill.deviceId,
          device: device.name,
          place: device.place,
          started_at: this.#now(),
          started_by: by,
          ended_at: null,
          result: null,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    });
  }

  async #end(id: number, result: string | null): Promise<void> {
    const { numUpdatedRows } = await this.#db
      .updateTable('drills')
      .set((e) => ({ ended_at: e.fn.coalesce('ended_at', e.val(this.#now())), result }))
      .where('id', '=', id)
      .executeTakeFirst();
    if (numUpdatedRows === 0n)
      throw new AppError('not-found', `There is no drill ${id}.`, undefined, { reason: 'gone' });
  }

  /** Ends what is over, remembers the incident that came of a drill, and says what is being played. */
  async #followNow(): Promise<void> {
    const now = this.#now();
    const open = await this.#db.selectFrom('drills').selectAll().where('ended_at', 'is', null).execute();
    const playing: typeof open = [];
    for (const drill of open) {
      const incident = await this.#db
        .selectFrom('incidents')
        .select(['id', 'state', 'resolved_at'])
        .where('key', '=', `drill:${drill.id}`)
        .orderBy('id')
        .executeTakeFirst();
      if (incident !== undefined && drill.incident_id === null)
        await this.#db
          .updateTable('drills')
          .set({ incident_id: incident.id })
          .where('id', '=', drill.id)
          .execute();
      const resolved = incident?.state === 'resolved' ? incident.resolved_at : null;
      const over = resolved ?? (now - drill.started_at >= longestMs ? now : null);
      if (over === null) playing.push(drill);
      else
        await this.#db
          .updateTable('drills')
          .set({ ended_at: over })
          .where('id', '=', drill.id)
          .where('ended_at', 'is', null)
          .execute();
    }
    this.#playing = playing.length > 0;
    this.#incidents.report(
      'drill',
      playing.map((drill) =>
        playedFault({
          id: drill.id,
          scenario: z.enum(drillScenarios).parse(drill.scenario),
          deviceId: drill.device_id,
          device: drill.device,
          place: drill.place,
          startedAt: drill.started_at,
        }),
      ),
    );
  }
}
