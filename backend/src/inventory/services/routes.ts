import { DeviceServices, ServiceList } from '@rackhaus/config/contract';
import { reachOf } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { WithId } from '../../http/with-id.ts';
import { serviceList, servicesOfDevice } from './views.ts';

/** What colleagues and citizens notice, and what it runs on. Changed through the records of the inventory. */
export function serviceRoutes(deps: { db: Database }): Route[] {
  const { db } = deps;
  return [
    defineRoute({
      method: 'get',
      path: '/api/services',
      summary: 'All services with the devices they run on and the services they need.',
      reply: ServiceList,
      handle: ({ caller }) => serviceList(db, reachOf(caller)),
    }),
    defineRoute({
      method: 'get',
      path: '/api/devices/:id/services',
      summary: 'The services that suffer when a device fails, directly or through other services.',
      params: WithId,
      reply: DeviceServices,
      handle: ({ params, caller }) => servicesOfDevice(db, params.id, reachOf(caller)),
    }),
  ];
}
