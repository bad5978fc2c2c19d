import { ImpactReply } from '@rackhaus/config/contract';
import { z } from 'zod';
import { defineRoute, type Route } from '../../http/route.ts';
import type { Sites } from './sites.ts';

const Ids = z
  .union([z.string(), z.array(z.string())])
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

export function impactRoutes({ sites }: { sites: Sites }): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/impact',
      access: 'viewer',
      summary: 'What fails when these devices, cables or ports are gone, by the documentation.',
      query: ImpactQuery,
      reply: ImpactReply,
      handle: ({ query }) =>
        sites.impact({ deviceIds: query.device, linkIds: query.cable, portIds: query.port }),
    }),
  ];
}
