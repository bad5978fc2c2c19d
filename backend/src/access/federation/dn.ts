/** Distinguished names as far as they are compared here (RFC 4514); what they mean is for the directory to say. */

/** What lies between signs that are not escaped. */
function cut(text: string, at: ',' | '+'): string[] {
  const parts = [''];
  for (const [token] of text.matchAll(/\\.|./gsu)) {
    if (token === at) parts.push('');
    else parts[parts.length - 1] += token;
  }
  return parts;
}

/** Without spaces around it; one that is escaped belongs to the value. */
function trimmed(value: string): string {
  const bare = value.trimStart();
  return /^((?:\\.|[^\\])*?)\s*$/su.exec(bare)?.[1] ?? bare;
}

/** Each part in a form that is the same for all ways to write it. */
function keysOf(dn: string): string[] {
  return cut(dn, ',').map((part) => {
    const pairs = cut(part, '+').map((pair) => {
      const [, type = '', value = pair] = /^\s*([^=\\]*?)\s*=(.*)$/s.exec(pair) ?? [];
      return [textKey(type), textKey(unescaped(trimmed(value)))];
    });
    return JSON.stringify(pairs.toSorted());
  });
}

/** The same for names that differ in case or in how letters are put together only. */
export function textKey(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}

/** The same for names that differ in case, in how signs are escaped and in spaces around commas and equal signs only. */
export function dnKey(dn: string): string {
  return keysOf(dn).join('\n');
}

/** Whether it is the full name of something in a directory, and not just what it is called. */
export function isFullName(text: string): boolean {
  return /^\s*[A-Za-z0-9.-]+\s*=/.test(text) && cut(text, ',').length > 1;
}

/** The first part's value where it is a common name, without escapes: "Netz, Team" of `cn=Netz\, Team,ou=…`. */
export function commonName(dn: string): string | null {
  const [first = ''] = cut(dn, ',');
  const value = /^\s*cn\s*=(.*)$/is.exec(first)?.[1];
  if (value === undefined || !isFullName(dn)) return null;
  return unescaped(trimmed(value));
}

/** Whether it lies below the other, or is it. */
export function isBelow(dn: string, base: string): boolean {
  const above = keysOf(base);
  const below = keysOf(dn).slice(-above.length);
  return below.length === above.length && above.every((part, at) => part === below[at]);
}

/** A value as it may stand in a DN: what is typed never becomes a part of its own. */
export function escapedValue(value: string): string {
  return value
    .replace(/[\\,+"<>;=#]/g, '\\$&')
    .replace(/[\0\r\n]/g, (character) => `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .replace(/^ | $/g, '\\ ');
}

/** A value as it may stand in a search filter (RFC 4515): what is typed never becomes a condition of its own. */
export function escapedFilterValue(value: string): string {
  // Other characters stay as they are: the parser of our library takes escaped bytes above 7F for Latin-1.
  return value.replace(/[\\*()\0]/g, (sign) => `\\${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function unescaped(value: string): string {
  const bytes: number[] = [];
  const text = Buffer.from(value, 'utf8');
  for (let i = 0; i < text.length; i++) {
    const hex = /^[0-9a-f]{2}$/i.exec(text.toString('latin1', i + 1, i + 3))?.[0];
    if (text[i] !== 0x5c) bytes.push(text[i] ?? 0);
    else if (hex !== undefined) {
      bytes.push(Number.parseInt(hex, 16));
      i += 2;
    } else bytes.push(text[++i] ?? 0x5c);
  }
  return Buffer.from(bytes).toString('utf8');
}
