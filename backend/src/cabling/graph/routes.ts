import { ImpactReply } from '@rackhaus/config/contract';
import { z } from 'zod';
import { onlyWithin } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import type { Sites } from './sites.ts';

const Ids = z
  .union([z.string().max(16), z.array(z.string().max(16)).max(500)])
  .transform((value) => (Array.isArray(value) ? value : [value]))
  .pipe(
    z
      .array(
        z
          .string()
          .regex(/^[1-9]\d{0,14}$/, 'must be the number of a record')
          .transform(Number),
      )
      .max(500),
  )
  .default([]);
const ImpactQuery = z.strictObject({ device: Ids, cable: Ids, port: Ids });

/** What fails when something is gone; of other sites than the caller's nothing is named. */
export function impactRoutes({ db, sites }: { db: Database; sites: Sites }): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/impact',
      summary: 'What fails when these devices, cables or ports are gone, by the documentation.',
      query: ImpactQuery,
      reply: ImpactReply,
      handle: async ({ query, caller }) => {
        const { devices, services } = await sites.impact({
          deviceIds: query.device,
          linkIds: query.cable,
          portIds: query.port,
        });
        return {
          devices: await onlyWithin(db, caller, 'device', devices, ({ id }) => id),
          services: await onlyWithin(db, caller, 'service', services, ({ id }) => id),
        };
      },
    }),
  ];
}
