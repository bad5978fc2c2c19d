import type { LabelKind, LabelTarget } from '@rackhaus/config/contract';
import { refuseOtherPlace } from '../access/scope/addressed.ts';
import type { Reach } from '../access/scope.ts';
import type { Database } from '../database/tables.ts';
import { portPaths } from '../inventory/port-paths.ts';
import { AppError } from '../problem.ts';
import { readCode } from './codes.ts';

/**
 * What a short code names, and the page that shows it.
 * @throws AppError not-found for what is no code, and for an object that is no longer there; forbidden for one of another site
 */
export async function labelTarget(
  db: Database,
  code: string,
  reach: Reach | null = null,
): Promise<LabelTarget> {
  const read = readCode(code);
  if (read === null) throw new AppError('not-found', 'There is no such code.');
  if (reach !== null) await refuseOtherPlace(db, reach, read.kind, read.id);
  const name = await db.transaction().execute((tx) => nameOf(tx, read.kind, read.id));
  if (name === null) throw new AppError('not-found', 'What this code was printed for is no longer there.');
  return { ...read, name, path: await pathOf(db, read.kind, read.id) };
}

const tables = { rack: 'racks', device: 'devices', port: 'ports', outlet: 'outlets', room: 'rooms' } as const;

async function nameOf(db: Database, kind: LabelKind, id: number): Promise<string | null> {
  if (kind === 'link') {
    const link = await db.selectFrom('links').select('label').where('id', '=', id).executeTakeFirst();
    return link === undefined ? null : (link.label ?? '');
  }
  const row = await db.selectFrom(tables[kind]).select('name').where('id', '=', id).executeTakeFirst();
  return row?.name ?? null;
}

async function pathOf(db: Database, kind: LabelKind, id: number): Promise<string | null> {
  switch (kind) {
    case 'rack':
      return `/racks/${id}`;
    case 'device':
      return `/devices/${id}`;
    case 'room':
      return `/rooms/${id}`;
    case 'port':
      return firstPath(db, [id]);
    case 'link': {
      const ends = await db
        .selectFrom('link_ends')
        .select('port_id')
        .where('link_id', '=', id)
        .orderBy('side')
        .execute();
      return firstPath(
        db,
        ends.map((end) => end.port_id),
      );
    }
    case 'outlet': {
      const ports = await db
        .selectFrom('ports')
        .select('id')
        .where('outlet_id', '=', id)
        .orderBy('rank')
        .execute();
      const path = await firstPath(
        db,
        ports.map((port) => port.id),
      );
      if (path !== null) return path;
      const outlet = await db
        .selectFrom('outlets')
        .select('room_id')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return `/rooms/${outlet.room_id}`;
    }
  }
}

async function firstPath(db: Database, ports: readonly number[]): Promise<string | null> {
  const paths = await portPaths(db, ports);
  for (const port of ports) {
    const path = paths.get(port);
    if (path !== undefined) return path;
  }
  return null;
}
