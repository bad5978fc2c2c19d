import {
  ImportApply,
  ImportJob,
  ImportJobList,
  ImportOutcome,
  ImportProgress,
  ImportRows,
  ImportSettings,
  ImportTarget,
  importLimits,
  NetboxImport,
} from '@rackhaus/config/contract';
import type { Request } from 'express';
import { z } from 'zod';
import { causeOf } from '../../history/changes.ts';
import { type Caller, defineRoute, type Route } from '../../http/route.ts';
import { AppError } from '../../problem.ts';
import type { ImportJobs } from './jobs.ts';
import { template } from './template.ts';

const WithId = z.strictObject({ id: z.string().max(60) });
const Language = z.enum(['de', 'en']).default('de');
const wholeNumber = z
  .string()
  .regex(/^[1-9]\d{0,6}$/, 'must be a number from 1')
  .transform(Number);

/** Lists and files on their way into the inventory. */
export function importRoutes({ jobs }: { jobs: ImportJobs }): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/api/imports',
      summary:
        'Begins an import: a spreadsheet, a CSV file, a YAML inventory or a zip archive of those, at most 20 MB, named by X-File-Name (percent-encoded). Nothing is written before it is applied.',
      query: z.strictObject({ language: Language }),
      bodyType: 'bytes',
      bodyLimit: importLimits.bytes,
      body: z.instanceof(Uint8Array),
      reply: ImportJob,
      handle: async ({ body, query, caller, request }) => {
        const job = await jobs.begin({
          fileName: fileNameOf(request),
          bytes: new Uint8Array(body),
          cause: causeOf(caller),
          language: query.language,
        });
        return job.describe();
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/imports/netbox',
      summary:
        'Begins an import from a NetBox, which the server fetches over its REST API. The token is not kept beyond the import.',
      body: NetboxImport,
      reply: ImportJob,
      handle: async ({ body, caller }) =>
        (await jobs.beginNetbox({ ...body, cause: causeOf(caller) })).describe(),
    }),
    defineRoute({
      method: 'post',
      path: '/api/imports/:id/again',
      summary: 'Reads again what could not be read; a NetBox goes on with the page at which it stopped.',
      params: WithId,
      reply: ImportJob,
      handle: ({ params, caller }) => {
        const job = jobs.own(params.id, userOf(caller));
        job.readAgain();
        return job.describe();
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/imports/:id/files',
      summary: 'Adds another YAML file to an import of YAML files.',
      params: WithId,
      bodyType: 'bytes',
      bodyLimit: importLimits.bytes,
      body: z.instanceof(Uint8Array),
      reply: ImportJob,
      handle: ({ params, body, caller, request }) => {
        const job = jobs.own(params.id, userOf(caller));
        jobs.add(job, fileNameOf(request), new Uint8Array(body));
        return job.describe();
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/imports',
      summary: 'The caller’s imports, newest first. They are held in memory and are gone after a restart.',
      reply: ImportJobList,
      handle: ({ caller }) => jobs.list(userOf(caller)),
    }),
    defineRoute({
      method: 'get',
      path: '/api/imports/templates/:target',
      summary: 'A workbook to be filled in, with headings that are understood and one row as an example.',
      params: z.strictObject({ target: ImportTarget }),
      query: z.strictObject({ language: Language }),
      handle: ({ params, query, response }) => {
        response
          .set('Content-Type', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
          .set('Content-Disposition', `attachment; filename="rackhaus-${params.target}.xlsx"`)
          .send(Buffer.from(template(params.target, query.language)));
        return undefined;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/imports/:id',
      summary: 'One import: how it is understood, and what it would do.',
      params: WithId,
      reply: ImportJob,
      handle: ({ params, caller }) => jobs.own(params.id, userOf(caller)).describe(),
    }),
    defineRoute({
      method: 'patch',
      path: '/api/imports/:id',
      summary: 'Decides how a list is understood, and compares it anew.',
      params: WithId,
      body: ImportSettings,
      bodyLimit: 2_000_000,
      reply: ImportJob,
      handle: ({ params, body, caller }) => {
        const job = jobs.own(params.id, userOf(caller));
        job.configure(body);
        return job.describe();
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/imports/:id/rows',
      summary: 'A page of the preview: what becomes of each row, problems first.',
      params: WithId,
      query: z.strictObject({
        outcome: z.union([ImportOutcome, z.literal('hint')]).optional(),
        page: wholeNumber.default(1),
        size: wholeNumber.refine((size) => size <= 500, 'must be at most 500').default(50),
      }),
      reply: ImportRows,
      handle: ({ params, query, caller }) =>
        jobs.own(params.id, userOf(caller)).rows({ ...query, outcome: query.outcome ?? null }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/imports/:id/apply',
      summary: 'Writes all of it as one change, or nothing; the reply does not wait for the end.',
      params: WithId,
      body: ImportApply,
      reply: ImportProgress,
      handle: ({ params, body, caller }) => {
        const job = jobs.own(params.id, userOf(caller));
        job.apply(body);
        return job.progress();
      },
    }),
    // While an import is written, the database answers nobody else, not even who is asking. The id is a secret of 144 bits that
    // only who began the import has been told: it is enough to see how far it is, and to stop it.
    defineRoute({
      method: 'get',
      path: '/api/imports/:id/progress',
      summary: 'How far an import is. Its id is the permission.',
      params: WithId,
      reply: ImportProgress,
      handle: ({ params }) => jobs.any(params.id).progress(),
    }),
    defineRoute({
      method: 'post',
      path: '/api/imports/:id/stop',
      summary: 'Stops an import. One that is being written leaves nothing behind. Its id is the permission.',
      params: WithId,
      reply: ImportProgress,
      handle: async ({ params }) => {
        const job = jobs.any(params.id);
        await jobs.stop(job);
        return job.progress();
      },
    }),
  ];
}

function userOf(caller: Caller): number | null {
  return caller.kind === 'person' ? caller.userId : null;
}

/** Only shown to people and kept as the reason of the change; nothing is ever written under it. */
function fileNameOf(request: Request): string {
  let name: string;
  try {
    name = decodeURIComponent(request.get('X-File-Name') ?? '');
  } catch {
    throw new AppError('invalid', 'X-File-Name must be percent-encoded.');
  }
  const plain = name
    .replaceAll(/\p{Cc}/gu, '')
    .split(/[/\\]/)
    .at(-1)
    ?.slice(0, 200);
  return plain === undefined || plain === '' ? 'import' : plain;
}
