import type { RoomView } from '@rackhaus/config/contract';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Database } from '../../database/tables.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { WithId } from '../../http/with-id.ts';
import { rackView, roomView } from '../../inventory/rooms.ts';
import { TypeViews } from '../../inventory/type-views.ts';
import { inChunks } from '../chunks.ts';
import type { Fonts } from '../fonts.ts';
import { writePdf } from '../pdf.ts';
import { rackSheets } from './pages.ts';
import { sheetWords } from './words.ts';

const Language = z.strictObject({ language: z.enum(['de', 'en']).default('de') });

/** Racks and rooms on paper. */
export function rackSheetRoutes(deps: {
  db: Database;
  fonts: () => Promise<Fonts>;
  addressOf: (request: Request) => string;
  now: () => number;
}): Route[] {
  const { db, fonts, addressOf, now } = deps;
  const types = new TypeViews();
  const print = async (
    room: RoomView,
    wholeRoom: boolean,
    language: 'de' | 'en',
    call: { readonly request: Request; readonly response: Response },
  ) => {
    const devices = [...room.racks.flatMap((rack) => rack.devices), ...room.unracked];
    const serials = await serialsOf(
      db,
      devices.map((device) => device.id),
    );
    const loaded = await fonts();
    const title = wholeRoom ? room.name : (room.racks[0]?.name ?? room.name);
    const time = now();
    const pages = rackSheets({
      room,
      serials,
      words: sheetWords[language],
      measure: loaded,
      publicUrl: addressOf(call.request),
      time,
      wholeRoom,
    });
    call.response.type('application/pdf').set('Cache-Control', 'no-store');
    // Opened in the browser, from where it is printed or kept under this name.
    call.response.attachment(`${title}.pdf`);
    const disposition = String(call.response.getHeader('Content-Disposition'));
    call.response.set('Content-Disposition', disposition.replace(/^attachment/, 'inline'));
    await writePdf({ pages, fonts: loaded, title, time: new Date(time), to: call.response });
  };
  return [
    defineRoute({
      method: 'get',
      path: '/api/racks/:id/print.pdf',
      summary: 'A rack on A4: front and rear to scale, and the list of what is in it.',
      params: WithId,
      query: Language,
      handle: async ({ params, query, request, response }) => {
        const room = await rackView(db, types, params.id);
        await print(room, false, query.language, { request, response });
        return undefined;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/rooms/:id/print.pdf',
      summary: 'All racks of a room on A4, and what stands outside them.',
      params: WithId,
      query: Language,
      handle: async ({ params, query, request, response }) => {
        const room = await roomView(db, types, params.id);
        await print(room, true, query.language, { request, response });
        return undefined;
      },
    }),
  ];
}

async function serialsOf(db: Database, ids: readonly number[]): Promise<Map<number, string>> {
  const rows = await inChunks(ids, (some) =>
    db
      .selectFrom('devices')
      .select(['id', 'serial'])
      .where('id', 'in', some ?? [])
      .execute(),
  );
  return new Map(rows.flatMap((row) => (row.serial === null ? [] : [[row.id, row.serial] as const])));
}
