import {
  CreatedFeed,
  FeedFieldMapping,
  FeedList,
  FeedSourceDetail,
  IgnoreSources,
  isMetricId,
  MapSources,
  metric,
  NewFeed,
  RenewedFeedToken,
} from '@rackhaus/config/contract';
import { isNameless } from '@rackhaus/config/feeds';
import { z } from 'zod';
import { defineRoute, type Route } from '../http/route.ts';
import { WithId } from '../http/with-id.ts';
import { AppError } from '../problem.ts';
import type { Feeds } from './feeds.ts';
import type { HandFields } from './hand-fields.ts';
import type { Sources } from './sources.ts';
import type { FeedViews } from './views.ts';

/** Feeds and what they speak of: administrators make feeds, technicians say which devices sources are. */
export function feedRoutes(deps: {
  feeds: Feeds;
  sources: Sources;
  hand: HandFields;
  views: FeedViews;
  /** Which devices are fed has changed. */
  mapped: () => Promise<void>;
  removed: (feedId: number) => Promise<void>;
}): Route[] {
  const { feeds, sources, hand, views } = deps;
  return [
    defineRoute({
      method: 'get',
      path: '/api/feeds',
      summary:
        'Programs that write measurements by themselves, without their tokens, and what they speak of.',
      reply: FeedList,
      handle: () => views.list(),
    }),
    defineRoute({
      method: 'post',
      path: '/api/feeds',
      summary: 'Makes a feed. Its token is shown this once.',
      body: NewFeed,
      reply: CreatedFeed,
      handle: ({ body }) => feeds.create(body.name),
    }),
    defineRoute({
      method: 'post',
      path: '/api/feeds/:id/token',
      summary: 'Gives a feed another token, shown this once; the one before is refused from now on.',
      params: WithId,
      reply: RenewedFeedToken,
      handle: ({ params }) => feeds.renewToken(params.id),
    }),
    defineRoute({
      method: 'delete',
      path: '/api/feeds/:id',
      summary: 'Removes a feed and what is known of its sources; measurements that were stored stay.',
      params: WithId,
      handle: async ({ params }) => {
        await feeds.remove(params.id);
        await deps.removed(params.id);
        return undefined;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/feeds/sources/:id',
      summary: 'One thing that a feed speaks of: which fields, and what becomes of them.',
      params: WithId,
      reply: FeedSourceDetail,
      handle: ({ params }) => views.source(params.id),
    }),
    defineRoute({
      method: 'post',
      path: '/api/feeds/sources/map',
      summary: 'Says which devices sources are, or that they wait again. What was kept of them is stored.',
      body: MapSources,
      bodyLimit: 200_000,
      handle: async ({ body }) => {
        await sources.map(body.sources);
        await deps.mapped();
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/feeds/sources/ignore',
      summary: 'Has sources ignored, or wait again.',
      body: IgnoreSources,
      handle: async ({ body }) => {
        await sources.ignore(body.sources, body.ignored);
        await deps.mapped();
        return undefined;
      },
    }),
    defineRoute({
      method: 'put',
      path: '/api/feeds/:id/fields',
      summary: 'Says what a field of a feed becomes from now on.',
      params: WithId,
      body: FeedFieldMapping,
      reply: z.strictObject({ id: z.int() }),
      handle: async ({ params, body }) => {
        feeds.get(params.id);
        if (!isMetricId(body.metric)) throw new AppError('invalid', 'This metric is not known.');
        const { kind } = metric(body.metric);
        const problem = isNameless(kind)
          ? body.entity !== '' && `must be empty: a ${kind} has no name`
          : body.entity === '' && `is needed: which ${kind} is it?`;
        if (problem !== false)
          throw new AppError('invalid', `entity ${problem}`, [{ path: 'entity', message: problem }]);
        const { id } = await hand.set(params.id, { ...body, metric: body.metric });
        return { id };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/feeds/fields/:id',
      summary: 'Takes back what was said of a field.',
      params: WithId,
      handle: async ({ params }) => {
        await hand.remove(params.id);
        return undefined;
      },
    }),
  ];
}
