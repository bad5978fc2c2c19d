import { type LabelKind, readCode } from '@rackhaus/config/contract';

/** What somebody scanned or typed: the object that one of our codes names, or words that stand on a label. */
export type Scan =
  | { readonly kind: 'code'; readonly what: LabelKind; readonly id: number; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'foreign'; readonly text: string };

/**
 * Reads what a QR code holds, or what somebody typed. The address of our labels counts whatever the host: a label printed
 * before the server was renamed still names its port. A code of somebody else's (another address, a serial number in a URL)
 * is `foreign`. A bare short code cannot be told from a label such as "D4" and is therefore text.
 * null: there is nothing in it.
 */
export function readScan(raw: string): Scan | null {
  const text = raw.trim();
  if (text === '') return null;
  const path = /^https?:\/\/[^/\s]+(?<path>\/\S*)?$/i.exec(text)?.groups?.path;
  const own = /^\/q\/(?<code>[0-9a-z]{2,11})\/?$/i.exec(path ?? text)?.groups?.code;
  const named = own === undefined ? null : readCode(own);
  if (named !== null) return { kind: 'code', what: named.kind, id: named.id, text };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { kind: 'foreign', text };
  return { kind: 'text', text: text.slice(0, 200) };
}

/** A label as it is compared: in lower case, without blanks, and with one kind of mark between a panel and its port. */
export function plain(label: string): string {
  return label
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s\u2010-\u2015_]+/g, (mark) => (/\s/.test(mark) ? '' : '-'))
    .replaceAll(/[:/.]/g, ':');
}
