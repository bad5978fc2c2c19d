import { Swap, SwapPreview, UpdateReply, WriteQuery } from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Database } from '../../database/tables.ts';
import { type Changes, causeOf } from '../../history/changes.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { WithId } from '../../http/with-id.ts';
import { previewSwap, swapType } from './swap.ts';

/** A device becomes one of another type and keeps its cables, place and history. */
export function swapRoutes({ db, changes }: { db: Database; changes: Changes }): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/devices/:id/swap',
      summary:
        'What would become of the ports of a device, and of what is plugged in, if it were of another type.',
      params: WithId,
      query: z.strictObject({ typeId: z.coerce.number('must be a number').int().positive() }),
      reply: SwapPreview,
      handle: ({ params, query }) => previewSwap(db, params.id, query.typeId),
    }),
    defineRoute({
      method: 'post',
      path: '/api/devices/:id/swap',
      summary:
        'Makes a device one of another type. Ports that are mapped or keep their name keep their cables.',
      params: WithId,
      query: WriteQuery,
      body: Swap,
      reply: UpdateReply,
      handle: async ({ params, query, body, caller }) => {
        const { changeId, result } = await changes.run(causeOf(caller, query.reason), async (change) => {
          await swapType(change, params.id, body);
          return (await change.get('device', params.id)).version;
        });
        return { changeId, version: result };
      },
    }),
  ];
}
