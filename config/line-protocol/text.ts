const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8');
const shownBytes = 40;

/** The text of these bytes; null when they are not UTF-8. */
export function textOf(bytes: Uint8Array, start: number, end: number): string | null {
  let text = '';
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x80) return decoded(bytes.subarray(start, end));
    text += String.fromCharCode(byte);
  }
  return text;
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}

/** The beginning of these bytes in quotation marks, for a message. */
export function shown(bytes: Uint8Array, start: number, end: number): string {
  const cut = Math.min(end, start + shownBytes);
  const text = lenient.decode(bytes.subarray(start, Math.max(start, cut)));
  return JSON.stringify(cut < end ? `${text}…` : text);
}

/** Takes the backslash from before what may be escaped in names and tags: comma, equals sign, space. */
export function unescapeName(text: string): string {
  return text.includes('\\') ? text.replace(/\\([,= ])/g, '$1') : text;
}

/** Measurements escape commas and spaces only. */
export function unescapeMeasurement(text: string): string {
  return text.includes('\\') ? text.replace(/\\([, ])/g, '$1') : text;
}

/** In strings, quotation marks and backslashes are escaped. */
export function unescapeString(text: string): string {
  return text.includes('\\') ? text.replace(/\\(["\\])/g, '$1') : text;
}
