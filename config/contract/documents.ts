import { z } from 'zod';

/** What may be uploaded. Which one a file is, its content says and not its name. */
export const documentTypes = [
  'application/pdf',
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/svg+xml',
  'text/csv',
  'text/plain',
  'application/zip',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
] as const;
export type DocumentType = (typeof documentTypes)[number];

/** Largest file in bytes. */
export const documentLimit = 25_000_000;

/**
 * POST /api/documents with the file as the body; header `X-File-Name`: its name, percent-encoded. The same content is kept once:
 * uploading it again answers the same id.
 */
export const Uploaded = z.strictObject({
  id: z.int(),
  hash: z.string(),
  mediaType: z.enum(documentTypes),
  size: z.int(),
});
export type Uploaded = z.infer<typeof Uploaded>;
