import { createHash, randomBytes } from 'node:crypto';

/** A new secret of 256 bits. The prefix says what it is for where it turns up in the wrong place (scanners look for that). */
export function newToken(
  prefix: 'rhs' | 'rhk' | 'rha' | 'rhe' | 'rht' | 'rhc' | 'rhf' | 'rhp' | 'rhi',
): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}

/**
 * What is stored of a token and what it is looked up by. A plain hash is enough: there is nothing to guess in 256 random
 * bits. Looking up by the hash leaks no timing about the token.
 */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** How names are compared: "Ärger" and "ärger" in any Unicode form are one. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase();
}
