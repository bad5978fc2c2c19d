import { loadDeviceTypes } from '@rackhaus/config/device-types';
import type { Database } from '../../database/tables.ts';
import type { Changes } from '../../history/changes.ts';
import type { Route } from '../../http/route.ts';
import { TypeViews } from '../type-views.ts';
import { typeRoutes } from './routes.ts';
import { type KeepDocument, shippedTypes, TypeUploads } from './uploads.ts';

interface Options {
  readonly db: Database;
  readonly changes: Changes;
  readonly now: () => number;
}

/** The routes of device types. `keepDocument` null: pictures that come with types are passed over. */
export function createTypes(options: Options & { readonly keepDocument: KeepDocument | null }): Route[] {
  const { db } = options;
  const uploads = new TypeUploads(options);
  return typeRoutes({ db, views: new TypeViews(), uploads, shipped: readOnce() });
}

/** The types that come with Rackhaus are read when somebody asks for the first time: that takes half a second of the processor. */
function readOnce(): () => ReturnType<typeof loadDeviceTypes> {
  let reading: ReturnType<typeof loadDeviceTypes> | undefined;
  return async () => {
    reading ??= loadDeviceTypes();
    try {
      return await reading;
    } catch (error) {
      reading = undefined;
      throw error;
    }
  };
}

/** Brings in the types that come with Rackhaus, once in the life of a database: what is deleted later stays deleted. */
export async function bringShippedTypes(options: Options): Promise<void> {
  const done = await options.db
    .selectFrom('changes')
    .select('id')
    .where('source', '=', 'setup')
    .where('first_kind', '=', 'device-type')
    .limit(1)
    .executeTakeFirst();
  if (done !== undefined) return;
  const uploads = new TypeUploads({ ...options, keepDocument: null });
  const { token, types } = await uploads.offer(shippedTypes(await loadDeviceTypes()));
  const fresh = types.filter(({ state }) => state === 'new').map(({ slug }) => slug);
  if (fresh.length === 0) return;
  await uploads.apply(token, fresh, {
    user: { id: null, name: 'Rackhaus' },
    source: 'setup',
    reason: null,
  });
}
