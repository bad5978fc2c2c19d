import { sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '../database/tables.ts';
import type { AuditNote } from './note.ts';

/** What a number in an address is, by the word before it, and where its name stands. */
const places: Readonly<
  Record<string, { readonly kind: string; readonly table: string; readonly column: string }>
> = {
  users: { kind: 'user', table: 'users', column: 'name' },
  agents: { kind: 'agent', table: 'agents', column: 'name' },
  'kiosk-links': { kind: 'kiosk', table: 'kiosk_links', column: 'name' },
  feeds: { kind: 'feed', table: 'feeds', column: 'name' },
  channels: { kind: 'channel', table: 'channels', column: 'name' },
  orders: { kind: 'order', table: 'orders', column: 'title' },
  incidents: { kind: 'incident', table: 'incidents', column: 'title' },
  scans: { kind: 'discovery', table: 'discovery_scans', column: 'name' },
  drills: { kind: 'drill', table: 'drills', column: 'name' },
  messages: { kind: 'status', table: 'status_messages', column: 'title' },
  rotas: { kind: 'rota', table: 'rotas', column: 'name' },
  devices: { kind: 'device', table: 'devices', column: 'name' },
  racks: { kind: 'rack', table: 'racks', column: 'name' },
  rooms: { kind: 'room', table: 'rooms', column: 'name' },
};
/** Those without a name of their own. */
const nameless: Readonly<Record<string, string>> = {
  documents: 'document',
  imports: 'import',
  drift: 'drift',
  runs: 'discovery',
  found: 'discovery',
  types: 'device-type',
  sources: 'feed-source',
  fields: 'feed-field',
  faults: 'fault',
};

const Name = z.object({ name: z.string() });

/** What a call is about, from its route and parameters: the first number in its address, or what the address lists. */
export async function subjectOf(db: Database, key: string, params: unknown): Promise<AuditNote['subject']> {
  const path = key.slice(key.indexOf(' ') + 1).split('/');
  const at = path.findIndex((part) => part.startsWith(':') || part.startsWith('.'));
  const exported = /^\/api\/inventory\/([^/]+)\/export$/.exec(path.join('/'))?.[1];
  if (exported !== undefined) return { kind: exported, id: null, name: '' };
  if (at < 1) return undefined;
  const word = path[at - 1] ?? '';
  const value = z.record(z.string(), z.unknown()).safeParse(params).data?.[path[at]?.slice(1) ?? ''];
  if (word === 'sheets') return { kind: 'sheet', id: String(value), name: '' };
  const id = typeof value === 'number' ? value : null;
  const place = places[word];
  if (place === undefined) {
    const kind = nameless[word];
    return kind === undefined ? undefined : { kind, id, name: '' };
  }
  if (id === null) return { kind: place.kind, id, name: '' };
  const found =
    await sql`select ${sql.ref(place.column)} as name from ${sql.table(place.table)} where id = ${id}`.execute(
      db,
    );
  return { kind: place.kind, id, name: Name.safeParse(found.rows[0]).data?.name ?? '' };
}
