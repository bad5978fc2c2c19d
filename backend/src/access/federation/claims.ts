type Claims = Readonly<Record<string, unknown>>;

/** A claim by its name, or by a path into it with dots: `realm_access.roles`. Names of claims may hold dots themselves. */
export function claimAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const name = path.slice(0, dot);
    const inner = Object.hasOwn(claims, name) ? claims[name] : undefined;
    if (isClaims(inner)) {
      const found = claimAt(inner, path.slice(dot + 1));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/**
 * The groups in a claim: a list of texts, or one text alone. `too-many`: the provider says that they are more than it puts into a
 * token (Microsoft Entra, from 200 on).
 */
export function groupsIn(claims: Claims, path: string): string[] | 'too-many' {
  const found = claimAt(claims, path);
  if (typeof found === 'string') return [found];
  if (Array.isArray(found)) return found.filter((group) => typeof group === 'string');
  const elsewhere = claims._claim_names;
  return isClaims(elsewhere) && Object.hasOwn(elsewhere, path) ? 'too-many' : [];
}

/** What people call themselves there: what they sign in with, else their address, else the provider's own id. */
export function nameIn(claims: Claims): string {
  for (const name of ['preferred_username', 'upn', 'email', 'sub']) {
    const found = claims[name];
    if (typeof found === 'string' && found.trim() !== '') return found.trim().slice(0, 100);
  }
  return '';
}

function isClaims(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
