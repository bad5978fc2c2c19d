import { LabelJob, LabelKind, LabelOptions, LabelPreview, LabelTarget } from '@rackhaus/config/contract';
import type { Request } from 'express';
import { z } from 'zod';
import { reachOf } from '../access/scope.ts';
import type { Database } from '../database/tables.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { fontsOnce } from './fonts.ts';
import { prepareJob } from './job.ts';
import { media, mediumReply } from './media.ts';
import { type Misfit, warningsOf } from './misfits.ts';
import { type LabelPage, labelPages, pageCount } from './pages.ts';
import { writePdf } from './pdf.ts';
import { rackSheetRoutes } from './rack-sheet/routes.ts';
import { placeholders } from './subjects.ts';
import { labelTarget } from './target.ts';
import { labelTemplates } from './templates.ts';
import { refuseOtherLabels } from './within.ts';

/** 5,000 ids of up to nine digits. */
const jobLimit = 200_000;

/** Labels with QR codes on sheets and rolls, what their codes lead to, and racks on paper. */
export function labelRoutes(deps: { db: Database; publicUrl: string | null; now: () => number }): Route[] {
  const { db, publicUrl, now } = deps;
  const fonts = fontsOnce();
  const addressOf = (request: Request) => publicUrl ?? `${request.protocol}://${request.get('host') ?? ''}`;
  return [
    defineRoute({
      method: 'get',
      path: '/api/labels/options',
      summary: 'Media, templates and placeholders of labels.',
      reply: LabelOptions,
      handle: async ({ request }) => ({
        media: [...media.values()].map(mediumReply),
        templates: await labelTemplates(db),
        placeholders: z.record(LabelKind, z.array(z.string())).parse(placeholders),
        codePrefix: `${addressOf(request)}/q/`,
        publicUrlSet: publicUrl !== null,
      }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/labels/preview',
      summary: 'The first page of a label job as a drawing, and everything that does not fit.',
      body: LabelJob,
      bodyLimit: jobLimit,
      reply: LabelPreview,
      handle: async ({ body, caller, request }) => {
        await refuseOtherLabels(db, caller, body.selection);
        const job = await prepareJob(db, body, addressOf(request));
        let first: LabelPage | undefined;
        const misfits: Misfit[] = [];
        for await (const page of labelPages(await fonts(), job.medium, job.labels, body)) {
          first ??= page;
          misfits.push(...page.warnings);
        }
        if (first === undefined) throw new Error('a job without labels was prepared');
        const { widthMm, heightMm, items, cells } = first;
        return {
          labels: job.labels.length,
          pages: pageCount(job.medium, job.labels.length, body.start),
          page: { widthMm, heightMm, items: [...items] },
          cells: [...cells],
          warnings: warningsOf(misfits),
        };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/labels/pdf',
      summary: 'A label job as PDF, in exact millimetres: print it at 100 %.',
      body: LabelJob,
      bodyLimit: jobLimit,
      handle: async ({ body, caller, request, response }) => {
        await refuseOtherLabels(db, caller, body.selection);
        const job = await prepareJob(db, body, addressOf(request));
        const loaded = await fonts();
        const pages = labelPages(loaded, job.medium, job.labels, body);
        // What cannot be drawn at all shows on the first page: still time for a proper reply.
        const first = await pages.next();
        response.type('application/pdf').set('Cache-Control', 'no-store').attachment('labels.pdf');
        await writePdf({
          pages: from(first, pages),
          fonts: loaded,
          title: 'Labels',
          time: new Date(now()),
          to: response,
        });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/labels/code/:code',
      summary: 'What the short code of a label names, and the page that shows it.',
      params: z.strictObject({ code: z.string().min(1).max(20) }),
      reply: LabelTarget,
      handle: ({ params, caller }) => labelTarget(db, params.code, reachOf(caller)),
    }),
    defineRoute({
      method: 'get',
      path: '/Q/:code',
      summary: 'Where the QR codes lead, which hold their address in capitals: sends on to /q/.',
      params: z.strictObject({ code: z.string().regex(/^[0-9A-Za-z]{1,20}$/, 'is not a code') }),
      handle: ({ params, response }) => {
        response.redirect(302, `/q/${params.code}`);
      },
    }),
    ...rackSheetRoutes({ db, fonts, addressOf, now }),
  ];
}

async function* from(
  first: IteratorResult<LabelPage>,
  rest: AsyncGenerator<LabelPage>,
): AsyncGenerator<LabelPage> {
  if (first.done !== true) yield first.value;
  yield* rest;
}
