import { pipeline } from 'node:stream/promises';
import {
  CablesExportQuery,
  SheetFileQuery,
  type SheetKind,
  SheetQuery,
  SheetReply,
  sheetKinds,
} from '@rackhaus/config/contract';
import type { Response } from 'express';
import { z } from 'zod';
import { reachOf } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { type Fonts, fontsOnce } from '../../labels/fonts.ts';
import { writePdf } from '../../labels/pdf.ts';
import { exportCables } from '../exchange/export.ts';
import { sheetFile } from './file.ts';
import { sheetPages } from './pages.ts';
import { placeOf } from './place.ts';
import { columnKind } from './sheet.ts';
import { type FinishedSheet, makeSheet } from './sheets.ts';
import { columnTitle, type Language } from './words.ts';

const Params = z.strictObject({ sheet: z.enum(sheetKinds) });
const workbook = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Lists of the cabling that people take along: on screen, on A4, as workbook and CSV. */
export function sheetRoutes(deps: { db: Database; now: () => number }): Route[] {
  const { db, now } = deps;
  const fonts = fontsOnce();
  return [
    defineRoute({
      method: 'get',
      path: '/api/sheets/:sheet',
      summary: 'A sheet of the cabling of a place, a page at a time.',
      params: Params,
      query: SheetQuery,
      reply: SheetReply,
      handle: async ({ params, query, caller }) => {
        const { page, size, ...choice } = query;
        const sheet = await makeSheet(db, params.sheet, choice, now(), reachOf(caller));
        return view(params.sheet, sheet, choice.language, page, size);
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/sheets/:sheet/file',
      summary: 'A sheet of the cabling of a place, whole: as PDF on A4, workbook or CSV.',
      params: Params,
      query: SheetFileQuery,
      fileTypes: ['application/pdf', workbook, 'text/csv'],
      handle: async ({ params, query, caller, response }) => {
        const { format, ...choice } = query;
        const time = now();
        const sheet = await makeSheet(db, params.sheet, choice, time, reachOf(caller));
        const name = [
          sheet.title,
          sheet.place.replaceAll(' · ', ' '),
          new Date(time).toISOString().slice(0, 10),
        ]
          .filter((part) => part !== '')
          .join(' ');
        response.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
        if (format === 'pdf') await print(await fonts(), sheet, choice.language, { name, time, response });
        else {
          response.attachment(`${name}.${format}`);
          response.type(format === 'xlsx' ? workbook : 'text/csv; charset=utf-8');
          await pipeline([await sheetFile(sheet, format, choice.language)], response);
        }
        return undefined;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/cables/export',
      summary: 'All cables of a place with their ends, as a list that an import takes back.',
      query: CablesExportQuery,
      fileTypes: [workbook, 'text/csv'],
      handle: async ({ query, caller, response }) => {
        const { format, language, within } = query;
        const reach = reachOf(caller);
        const { name, bytes } = await exportCables(db, { place: placeOf(within), reach, language, format });
        response.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
        response.attachment(`${name} ${new Date(now()).toISOString().slice(0, 10)}.${format}`);
        response.type(format === 'xlsx' ? workbook : 'text/csv; charset=utf-8');
        await pipeline([bytes], response);
        return undefined;
      },
    }),
  ];
}

function view(
  kind: SheetKind,
  sheet: FinishedSheet,
  language: Language,
  page: number,
  size: number,
): SheetReply {
  return {
    sheet: kind,
    title: sheet.title,
    place: sheet.place,
    columns: sheet.columns.map((key) => ({
      key,
      title: columnTitle(key, language),
      kind: columnKind(key),
    })),
    rows: sheet.rows.slice((page - 1) * size, page * size).map((row) => ({
      key: row.key,
      about: row.about,
      cells: sheet.columns.map((key) => row.cells[key] ?? null),
    })),
    total: sheet.rows.length,
    page,
    size,
  };
}

/** Opened in the browser, from where it is printed or kept under this name. */
async function print(
  fonts: Fonts,
  sheet: FinishedSheet,
  language: Language,
  { name, time, response }: { name: string; time: number; response: Response },
): Promise<void> {
  const pages = sheetPages({ sheet, language, measure: fonts, time });
  response.type('application/pdf').attachment(`${name}.pdf`);
  const disposition = String(response.getHeader('Content-Disposition'));
  response.set('Content-Disposition', disposition.replace(/^attachment/, 'inline'));
  await writePdf({ pages, fonts, title: name, time: new Date(time), to: response });
}
