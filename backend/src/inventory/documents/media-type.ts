import type { DocumentType } from '@rackhaus/config/contract';

const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const text = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

/**
 * What a file is by its content; null for what is not kept here. The name only tells CSV from other text.
 * Sources: the magic numbers of the formats' specifications; PDF readers look for "%PDF-" in the first 1024 bytes.
 */
export function mediaTypeOf(bytes: Uint8Array, fileName: string): DocumentType | null {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const startsWith = (...magic: number[]) => magic.every((byte, index) => content[index] === byte);
  if (startsWith(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  if (startsWith(0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (content.toString('latin1', 0, 4) === 'RIFF' && content.toString('latin1', 8, 12) === 'WEBP')
    return 'image/webp';
  if (startsWith(0x50, 0x4b, 0x03, 0x04)) {
    if (content.includes('xl/workbook.xml')) return spreadsheet;
    return content.includes('word/document.xml') ? text : 'application/zip';
  }
  if (content.subarray(0, 1024).includes('%PDF-')) return 'application/pdf';
  if (!isText(content)) return null;
  if (isSvg(content)) return 'image/svg+xml';
  return /\.csv$/i.test(fileName) ? 'text/csv' : 'text/plain';
}

/** No control characters except those that text has: also true of the Windows-1252 that spreadsheets write. */
function isText(content: Uint8Array): boolean {
  return content.every(
    (byte) =>
      (byte >= 0x20 && byte !== 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d || byte === 0x0c,
  );
}

/** The first element is `svg`, after what may stand before it: declaration, comments, document type. */
function isSvg(content: Buffer): boolean {
  const start = content.toString('utf8', 0, 20_000).replace(/^\uFEFF/, '');
  const rest = start.replace(/^(?:\s+|<\?[^>]*\?>|<!--[\s\S]*?-->|<!DOCTYPE[^>[]*(?:\[[^\]]*\]\s*)?>)+/i, '');
  return /^<svg[\s>/]/i.test(rest);
}

/** Whether an SVG could do more than be looked at: scripts, handlers of events, pages within it, entities that grow. */
export function hasActiveContent(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  if (/<(?:[\w-]+:)?(?:script|iframe|embed|object|handler|listener)[\s>/]/i.test(text)) return true;
  if (/[\s"'/](?:on[a-z]+)\s*=\s*["']/i.test(text)) return true;
  if (
    /(?:javascript|vbscript)\s*:|data:text\/html/i.test(
      text.replace(/&#(?:x0*)?[0-9a-f]+;?|&(?:tab|newline);/gi, ''),
    )
  )
    return true;
  // Drawing programs declare entities for names of XML; more than that, or ones within ones, are a bomb.
  const entities = [...text.matchAll(/<!ENTITY\s+(%?)\s*[\w:.-]+\s+(SYSTEM|PUBLIC)?\s*["']([^"']*)["']/gi)];
  return entities.some(
    ([, percent, external, value = '']) => percent !== '' || external !== undefined || value.includes('&'),
  );
}
