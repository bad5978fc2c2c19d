import { createHash } from 'node:crypto';
import type { HostKeyView } from '@rackhaus/config/contract';
import { HostKey } from '@rackhaus/config/contract';
import { z } from 'zod';

/** JSON of a column. @throws Error */
export function parseHostKeys(json: string): string[] {
  return z.array(HostKey).parse(JSON.parse(json));
}

/** As OpenSSH shows it: `SHA256:` and base64 without padding. */
export function fingerprintOf(key: string): HostKeyView {
  const [kind = '', body = ''] = key.split(' ');
  const digest = createHash('sha256').update(Buffer.from(body, 'base64')).digest('base64').replace(/=+$/, '');
  return { kind, fingerprint: `SHA256:${digest}` };
}
