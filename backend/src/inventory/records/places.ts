import type { Dependent, Row, Scope, TableSpec } from '../../history/spec.ts';
import { AppError } from '../../problem.ts';
import { searchKey } from '../search-key.ts';
import { recordSpec } from './spec.ts';
import { about } from './subjects.ts';

const belongs = (kind: Dependent['kind'], by: string): Dependent => ({ kind, by, action: 'refuse' });
const goes = (kind: Dependent['kind'], by: string): Dependent => ({ kind, by, action: 'delete' });
const forgets = (kind: Dependent['kind'], by: string): Dependent => ({ kind, by, action: 'clear' });
const within = (kind: Scope['kind'], column: string) => (row: Row) => [{ kind, id: Number(row[column]) }];

/** Sites, buildings, floors, rooms and racks. What still holds something cannot be deleted. */
export const placeSpecs: readonly TableSpec[] = [
  recordSpec('site', {
    table: 'sites',
    dependents: [
      belongs('building', 'site_id'),
      belongs('vlan', 'site_id'),
      forgets('prefix', 'site_id'),
      goes('credential-rule', 'site_id'),
      goes('rule-limit', 'site_id'),
      goes('maintenance', 'site_id'),
      ...about('site'),
    ],
  }),
  recordSpec('building', {
    table: 'buildings',
    scopesOf: within('site', 'site_id'),
    dependents: [belongs('floor', 'building_id'), ...about('building')],
  }),
  recordSpec('floor', {
    table: 'floors',
    scopesOf: within('building', 'building_id'),
    dependents: [belongs('room', 'floor_id'), goes('floor-plan', 'floor_id'), ...about('floor')],
    // A floor that moves to a building of another site takes its rooms along: theirs is derived from it.
    written: async (change, rows) => {
      for (const { before, after } of rows) {
        if (before === null || after === null || before.building_id === after.building_id) continue;
        for (const id of await change.rows.idsBy('rooms', 'floor_id', [after.id]))
          await change.update('room', id, {});
      }
    },
  }),
  recordSpec('room', {
    table: 'rooms',
    searched: ['person_in_charge'],
    derived: ['site_id', 'search_key'],
    scopesOf: within('floor', 'floor_id'),
    prepare: async (change, rows) => {
      const floors = await change.rows.byIds('floors', [
        ...new Set(rows.map(({ next }) => Number(next.floor_id))),
      ]);
      const buildings = await change.rows.byIds('buildings', [
        ...new Set(floors.map((floor) => Number(floor.building_id))),
      ]);
      return rows.map(({ next }) => {
        const floor = floors.find((row) => row.id === next.floor_id);
        const building = buildings.find((row) => row.id === floor?.building_id);
        if (building === undefined) throw missing('floorId', 'floor', next.floor_id ?? null);
        return {
          ...next,
          site_id: building.site_id ?? null,
          search_key: searchKey([next.name, next.number ?? ''].join(' ')),
        };
      });
    },
    dependents: [
      belongs('rack', 'room_id'),
      belongs('device', 'room_id'),
      belongs('outlet', 'room_id'),
      forgets('spare-part', 'room_id'),
      forgets('link', 'room_id'),
      goes('maintenance', 'room_id'),
      goes('plan-mark', 'room_id'),
      ...about('room'),
    ],
  }),
  recordSpec('rack', {
    table: 'racks',
    searched: ['asset_tag', 'serial', 'person_in_charge'],
    derived: ['search_key'],
    scopesOf: within('room', 'room_id'),
    prepare: async (change, rows) => {
      const known = new Set(
        (await change.rows.byIds('rooms', [...new Set(rows.map(({ next }) => Number(next.room_id)))])).map(
          (room) => room.id,
        ),
      );
      return rows.map(({ next }) => {
        if (!known.has(Number(next.room_id))) throw missing('roomId', 'room', next.room_id ?? null);
        const purpose = next.purpose ?? '';
        return { ...next, purpose, search_key: searchKey(`${next.name} ${purpose}`) };
      });
    },
    // Its devices are where it is, and none may stand out of it.
    written: async (change, rows) => {
      for (const { before, after } of rows) {
        if (before === null || after === null) continue;
        if (before.room_id === after.room_id && before.height_u === after.height_u) continue;
        for (const id of await change.rows.idsBy('devices', 'rack_id', [after.id]))
          await change.update('device', id, { room_id: after.room_id ?? null });
      }
    },
    dependents: [
      belongs('device', 'rack_id'),
      goes('plan-mark', 'rack_id'),
      goes('maintenance', 'rack_id'),
      ...about('rack'),
    ],
  }),
];

/** Something that a field names and that does not exist. */
export function missing(field: string, what: string, given: unknown): AppError {
  return new AppError('invalid', `${field}: there is no ${what} ${String(given)}.`, [
    { path: field, message: `there is no ${what} ${String(given)}` },
  ]);
}
