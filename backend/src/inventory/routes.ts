import { DeviceView, PortDetail, RoomView, SearchReply, Structure } from '@rackhaus/config/contract';
import { z } from 'zod';
import { reachOf } from '../access/scope.ts';
import type { Database } from '../database/tables.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { WithId } from '../http/with-id.ts';
import { deviceView } from './device-view.ts';
import { type LatestObservation, portDetail } from './port-detail.ts';
import { rackView, roomView } from './rooms.ts';
import type { Search } from './search/search.ts';
import { structure } from './structure.ts';
import { TypeViews } from './type-views.ts';

/** What stands where and how it is joined, for everybody who may look. */
export function inventoryRoutes(deps: {
  db: Database;
  search: Search;
  latestObservation: LatestObservation;
  profileTitle: (id: string) => string | undefined;
}): Route[] {
  const { db, search, latestObservation, profileTitle } = deps;
  const types = new TypeViews();
  return [
    defineRoute({
      method: 'get',
      path: '/api/structure',
      summary: 'Sites, buildings, floors and rooms in which something stands.',
      reply: Structure,
      handle: ({ caller }) =>
        structure(db, reachOf(caller), caller.kind === 'person' ? caller.room : undefined),
    }),
    defineRoute({
      method: 'get',
      path: '/api/rooms/:id',
      summary: 'A room with its racks and devices, drawn to scale.',
      params: WithId,
      reply: RoomView,
      handle: ({ params }) => roomView(db, types, params.id),
    }),
    defineRoute({
      method: 'get',
      path: '/api/racks/:id',
      summary: 'One rack, in the form of its room.',
      params: WithId,
      reply: RoomView,
      handle: ({ params }) => rackView(db, types, params.id),
    }),
    defineRoute({
      method: 'get',
      path: '/api/devices/:id',
      summary: 'One device: what is documented of it and what it says of itself.',
      params: WithId,
      reply: DeviceView,
      handle: ({ params, caller }) =>
        deviceView(db, types, latestObservation, params.id, reachOf(caller), profileTitle),
    }),
    defineRoute({
      method: 'get',
      path: '/api/ports/:id',
      summary: 'One port and the run that it belongs to, from end to end.',
      params: WithId,
      reply: PortDetail,
      handle: ({ params, caller }) => portDetail(db, latestObservation, params.id, reachOf(caller)),
    }),
    defineRoute({
      method: 'get',
      path: '/api/search',
      summary: 'Devices, ports, racks, rooms, outlets and links by name or label, best first, at most 20.',
      query: z.strictObject({ q: z.string().trim().max(100, 'must be at most 100 characters') }),
      reply: SearchReply,
      handle: ({ query, caller }) => search.find(query.q, reachOf(caller)),
    }),
  ];
}
