import type { Request } from 'express';

/**
 * The tokens that a request of InfluxDB's API may carry, in the ways in which its clients send them: `Authorization: Token` or
 * `Bearer` (2.x; `name:password` with the compatible 1.x API), Basic, or `p` in the query (1.x). Whatever stands for the user is
 * passed over.
 */
export function tokenOf(request: Request): string | undefined {
  const header = request.get('Authorization');
  if (header === undefined) {
    const { p } = request.query;
    return typeof p === 'string' && p !== '' ? p : undefined;
  }
  const [, scheme = '', value = ''] = /^(\w+)\s+(\S{1,1000})\s*$/.exec(header) ?? [];
  switch (scheme.toLowerCase()) {
    case 'token':
    case 'bearer':
      return afterUser(value);
    case 'basic':
      return afterUser(Buffer.from(value, 'base64').toString('utf8'));
    default:
      return undefined;
  }
}

function afterUser(text: string): string {
  return text.slice(text.indexOf(':') + 1);
}
