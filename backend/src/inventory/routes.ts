import { DeviceView, PortDetail, RoomView, SearchReply, Structure } from '@rackhaus/config/contract';
import { z } from 'zod';
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
}): Route[] {
  const { db, search, latestObservation } = deps;
  const types = new TypeViews();
  return [
    defineRoute({
      method: 'get',
      path: '/api/structure',
      access: 'kiosk',
      summary: 'Sites, buildings, floors and rooms in which something stands.',
      reply: Structure,
      handle: () => structure(db),
    }),
    defineRoute({
      method: 'get',
      path: '/api/rooms/:id',
      access: 'kiosk',
      summary: 'A room with its racks and devices, drawn to scale.',
      params: WithId,
      reply: RoomView,
      handle: ({ params }) => roomView(db, types, params.id),
    }),
    defineRoute({
      method: 'get',
      path: '/api/racks/:id',
      access: 'kiosk',
      summary: 'One rack, in the form of its room.',
      params: WithId,
      reply: RoomView,
      handle: ({ params }) => rackView(db, types, params.id),
    }),
    defineRoute({
      method: 'get',
      path: '/api/devices/:id',
      access: 'kiosk',
      summary: 'One device: what is documented of it and what it says of itself.',
      params: WithId,
      reply: DeviceView,
      handle: ({ params }) => deviceView(db, types, latestObservation, params.id),
    }),
    defineRoute({
      method: 'get',
      path: '/api/ports/:id',
      access: 'kiosk',
      summary: 'One port and the run that it belongs to, from end to end.',
      params: WithId,
      reply: PortDetail,
      handle: ({ params }) => portDetail(db, latestObservation, params.id),
    }),
    defineRoute({
      method: 'get',
      path: '/api/search',
      access: 'viewer',
      summary: 'Devices, ports, racks, rooms, outlets and links by name or label, best first, at most 20.',
      query: z.strictObject({ q: z.string().trim().max(100, 'must be at most 100 characters') }),
      reply: SearchReply,
      handle: ({ query }) => search.find(query.q),
    }),
  ];
}
