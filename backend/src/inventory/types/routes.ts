import { TypeDetail, TypeList, TypeUpload, TypeUploadReply } from '@rackhaus/config/contract';
import type { DeviceTypeFile } from '@rackhaus/config/device-types';
import { z } from 'zod';
import { onlyWithin } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import { causeOf } from '../../history/changes.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { WithId } from '../../http/with-id.ts';
import type { TypeViews } from '../type-views.ts';
import { archiveLimits } from './archive.ts';
import { shippedTypes, type TypeUploads } from './uploads.ts';
import { listTypes, typeDetail, typeFile } from './views.ts';

const number = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,6}(\.5)?$/, 'must be a number')
    .transform(Number)
    .pipe(z.number().min(least).max(most));
const yesNo = z.enum(['yes', 'no']).transform((word) => word === 'yes');

/** Device types: what there is, files in and out. A single record is made, changed and deleted like every other. */
export function typeRoutes(deps: {
  db: Database;
  views: TypeViews;
  uploads: TypeUploads;
  /** The types that come with Rackhaus. */
  shipped: () => Promise<ReadonlyMap<string, DeviceTypeFile>>;
}): Route[] {
  const { db, views, uploads, shipped } = deps;
  return [
    defineRoute({
      method: 'get',
      path: '/api/types',
      summary: 'Device types by maker and model, with their faces; a page of those that a search finds.',
      query: z.strictObject({
        q: z.string().trim().max(200).default(''),
        manufacturer: z.string().max(100).optional(),
        form: z.enum(['full', 'half', 'vertical', 'none']).optional(),
        height: number(0, 60).optional(),
        used: yesNo.default(false),
        offset: number(0, 100_000).default(0),
        limit: number(1, 200).default(50),
      }),
      reply: TypeList,
      handle: ({ query }) => listTypes(db, views, query),
    }),
    defineRoute({
      method: 'get',
      path: '/api/types/:id',
      summary: 'One device type: its file, faces, ports, and where it is used.',
      params: WithId,
      reply: TypeDetail,
      handle: async ({ params, caller }) => {
        const detail = await typeDetail(db, views, params.id);
        const devices = await onlyWithin(db, caller, 'device', detail.devices, ({ id }) => id);
        return { ...detail, devices };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/types/:id/file',
      summary:
        'The type as a YAML file of the NetBox device-type library; with our own part for faces when `own` is "yes".',
      params: WithId,
      query: z.strictObject({ own: yesNo.default(true) }),
      handle: async ({ params, query, response }) => {
        const { name, text } = await typeFile(db, params.id, query.own);
        response
          .set('Content-Disposition', `attachment; filename="${name}"`)
          .set('Cache-Control', 'private, no-cache')
          .type('application/yaml')
          .send(text);
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/types/uploads',
      summary:
        'Reads a zip archive of device-type files and says what bringing them in would do. Nothing is written yet.',
      bodyType: 'bytes',
      bodyLimit: archiveLimits.compressedBytes,
      body: z.instanceof(Uint8Array),
      reply: TypeUpload,
      handle: ({ body }) => uploads.open(body),
    }),
    defineRoute({
      method: 'post',
      path: '/api/types/shipped',
      summary: 'Compares the device types that come with Rackhaus with what is there, like an upload.',
      reply: TypeUpload,
      handle: async () => uploads.offer(shippedTypes(await shipped())),
    }),
    defineRoute({
      method: 'post',
      path: '/api/types/uploads/:token/apply',
      summary: 'Brings the named types of an upload in, as one change.',
      params: z.strictObject({ token: z.string().regex(/^[\w-]{22}$/, 'is not the token of an upload') }),
      bodyLimit: 2_000_000,
      body: z.strictObject({ slugs: z.array(z.string().max(100)).min(1).max(20_000) }),
      reply: TypeUploadReply,
      handle: ({ params, body, caller }) =>
        uploads.apply(params.token, body.slugs, { ...causeOf(caller), source: 'import' }),
    }),
  ];
}
