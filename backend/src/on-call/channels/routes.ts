import {
  ChannelChange,
  ChannelList,
  ChannelTested,
  ChannelView,
  NewChannel,
  PushKey,
  PushSubscriptionGiven,
} from '@rackhaus/config/contract';
import type { z } from 'zod';
import { type Caller, defineRoute, type Route } from '../../http/route.ts';
import { WithId } from '../../http/with-id.ts';
import { AppError } from '../../problem.ts';
import type { Channels, Keeper } from './channels.ts';

/** Everybody keeps channels of their own; administrators all. */
export function channelRoutes(deps: {
  channels: Channels;
  pushKey: () => Promise<string>;
  /** Sends a test now. @throws AppError `too-many` while one is on its way */
  test: (channelId: number, by: Keeper) => Promise<z.infer<typeof ChannelTested>>;
}): Route[] {
  const { channels } = deps;
  return [
    defineRoute({
      method: 'get',
      path: '/api/channels',
      summary: "One's own ways to be reached; all of them for administrators.",
      reply: ChannelList,
      handle: async ({ caller }) => ({ channels: await channels.list(keeperOf(caller)) }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/channels',
      summary: 'Adds a way to reach somebody.',
      body: NewChannel,
      reply: ChannelView,
      handle: ({ body, caller }) => channels.create(body, keeperOf(caller)),
    }),
    defineRoute({
      method: 'patch',
      path: '/api/channels/:id',
      summary: 'Changes one; its address only by whom it belongs to.',
      params: WithId,
      body: ChannelChange,
      reply: ChannelView,
      handle: ({ params, body, caller }) => channels.change(params.id, body, keeperOf(caller)),
    }),
    defineRoute({
      method: 'delete',
      path: '/api/channels/:id',
      summary: 'Takes one away, with what waits for it.',
      params: WithId,
      handle: async ({ params, caller }) => {
        await channels.remove(params.id, keeperOf(caller));
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/channels/:id/test',
      summary: 'Sends a test now and says what came of it.',
      params: WithId,
      reply: ChannelTested,
      handle: ({ params, caller }) => deps.test(params.id, keeperOf(caller)),
    }),
    defineRoute({
      method: 'get',
      path: '/api/push',
      summary: 'What a browser needs to subscribe to push.',
      reply: PushKey,
      handle: async () => ({ publicKey: await deps.pushKey() }),
    }),
    defineRoute({
      method: 'put',
      path: '/api/push',
      summary: 'Adds this browser, or says that it is still there.',
      body: PushSubscriptionGiven,
      reply: ChannelView,
      handle: ({ body, caller }) => channels.subscribe(body, keeperOf(caller)),
    }),
  ];
}

function keeperOf(caller: Caller): Keeper {
  if (caller.kind !== 'person' || caller.userId === null)
    throw new AppError('forbidden', 'Only people have channels.');
  return { userId: caller.userId, isAdministrator: caller.role === 'administrator' };
}
