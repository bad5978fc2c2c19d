import { DeviceServices, ServiceList } from '@rackhaus/config/contract';
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
      access: 'viewer',
      summary: 'All services with the devices they run on and the services they need.',
      reply: ServiceList,
      handle: () => serviceList(db),
    }),
    defineRoute({
      method: 'get',
      path: '/api/devices/:id/services',
      access: 'viewer',
      summary: 'The services that suffer when a device fails, directly or through other services.',
      params: WithId,
      reply: DeviceServices,
      handle: ({ params }) => servicesOfDevice(db, params.id),
    }),
  ];
}
