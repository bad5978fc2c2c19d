import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { documentLimit, documentTypes, Uploaded } from '@rackhaus/config/contract';
import type { Response } from 'express';
import { z } from 'zod';
import type { Database } from '../../database/tables.ts';
import { type Changes, causeOf } from '../../history/changes.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { WithId } from '../../http/with-id.ts';
import { AppError } from '../../problem.ts';
import { hasActiveContent, mediaTypeOf } from './media-type.ts';
import { DocumentStore } from './store.ts';

/** What a person may look at in the browser; everything else is offered to be saved. An SVG is shown within our pages only, as a picture. */
const shown = /^(image\/(?!svg)|application\/pdf$)/;

/** Files that belong to records: photos, plans, delivery notes, contracts. */
export function documentRoutes(deps: { db: Database; changes: Changes; folder: string }): Route[] {
  const { db, changes } = deps;
  const store = new DocumentStore(deps.folder);
  return [
    defineRoute({
      method: 'post',
      path: '/api/documents',
      summary:
        'Keeps a file (PDF, PNG, JPEG, WebP, SVG, CSV, text, ZIP, XLSX, DOCX; at most 25 MB). Header X-File-Name: its name, percent-encoded.',
      headers: { 'X-File-Name': 'Name of the file, percent-encoded.' },
      bodyType: 'bytes',
      bodyLimit: documentLimit,
      body: z.instanceof(Uint8Array),
      reply: Uploaded,
      handle: async ({ body, caller, request }) => {
        const name = fileName(request.get('x-file-name'));
        const mediaType = mediaTypeOf(body, name);
        if (mediaType === null) throw wrongKind(name);
        if (mediaType === 'image/svg+xml' && hasActiveContent(body)) throw activeContent(name);
        const hash = await store.keep(body);
        const { result } = await changes.run(causeOf(caller), async (change) => {
          const known = await change.tx
            .selectFrom('documents')
            .select('id')
            .where('hash', '=', hash)
            .executeTakeFirst();
          if (known !== undefined) return known.id;
          const [id = 0] = await change.insert('document', [
            { hash, media_type: mediaType, size: body.length },
          ]);
          return id;
        });
        return { id: result, hash, mediaType, size: body.length };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/documents/:id/content',
      summary:
        'The file itself. `name`: under which a browser saves it; `download` true: to save and not to show.',
      params: WithId,
      query: z.strictObject({
        name: z.string().max(200, 'must be at most 200 characters').optional(),
        download: z.enum(['true', 'false']).optional(),
      }),
      fileTypes: documentTypes,
      handle: async ({ params, query, response }) => {
        const document = await db
          .selectFrom('documents')
          .select(['hash', 'media_type'])
          .where('id', '=', params.id)
          .executeTakeFirst();
        if (document === undefined)
          throw new AppError('not-found', `There is no document ${params.id}.`, undefined, {
            reason: 'gone',
          });
        const file = store.fileOf(document.hash);
        await refuseLost(file);
        const mediaType = z.enum(documentTypes).parse(document.media_type);
        const inline = shown.test(mediaType) && query.download !== 'true';
        response.attachment(query.name ?? document.hash.slice(0, 12));
        const disposition = String(response.getHeader('Content-Disposition'));
        response.set({
          'Content-Type': mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType,
          'Content-Disposition': inline ? disposition.replace(/^attachment/, 'inline') : disposition,
          'X-Content-Type-Options': 'nosniff',
          'Content-Security-Policy': policy,
          // What lies under this id never changes.
          'Cache-Control': 'private, max-age=31536000, immutable',
          ETag: `"${document.hash}"`,
        });
        await send(response, file);
        return undefined;
      },
    }),
  ];
}

/** An SVG may carry scripts: it gets none, and no origin. The viewers of browsers show PDF all the same. */
const policy = "sandbox; default-src 'none'";

function fileName(header: string | undefined): string {
  try {
    return decodeURIComponent(header ?? '').slice(0, 200);
  } catch {
    throw new AppError('invalid', 'X-File-Name must be the percent-encoded name of the file.');
  }
}

function wrongKind(name: string): AppError {
  const what = name === '' ? 'This file' : `"${name}"`;
  return new AppError(
    'invalid',
    `${what} is of no kind that can be kept: PDF, PNG, JPEG, WebP, SVG, CSV, text, ZIP, XLSX or DOCX. What counts is its content, not its name.`,
    undefined,
    { reason: 'wrong-file-type' },
  );
}

function activeContent(name: string): AppError {
  return new AppError(
    'invalid',
    `"${name}" is an SVG that holds scripts or entities. Please export it without them, or as PDF or PNG.`,
    undefined,
    { reason: 'active-content' },
  );
}

/** A restored database without its documents: said as it is, not as an internal error. */
async function refuseLost(file: string): Promise<void> {
  try {
    await access(file, constants.R_OK);
  } catch {
    throw new AppError(
      'not-found',
      'The file of this document is missing in the data folder. Please restore it from the backup.',
      undefined,
      { reason: 'file-missing' },
    );
  }
}

function send(response: Response, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    response.sendFile(
      file,
      { dotfiles: 'allow', etag: false, lastModified: false, cacheControl: false },
      (error?: Error & { code?: string }) => {
        // Who closes the page while it loads is no fault of the server.
        if (error === undefined || error.code === 'ECONNABORTED') resolve();
        else reject(error);
      },
    );
  });
}
