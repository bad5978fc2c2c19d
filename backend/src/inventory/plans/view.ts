import { type MarkKind, markKinds, type PlanMark, PlanPoint, type PlanView } from '@rackhaus/config/contract';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { Database, Tables } from '../../database/tables.ts';
import { AppError } from '../../problem.ts';
import { outletPorts } from './outlet-ports.ts';

const Points = z.array(PlanPoint);

/** A plan with its marks, and what of its floor could be marked. @throws AppError not-found */
export async function planView(db: Database, planId: number): Promise<PlanView> {
  return db.transaction().execute(async (tx) => {
    const plan = await planRow(tx, planId);
    if (plan === undefined) throw new AppError('not-found', `There is no plan ${planId}.`);
    const marks = await tx
      .selectFrom('plan_marks')
      .selectAll()
      .where('plan_id', '=', planId)
      .orderBy('id')
      .execute();
    const marked = (kind: MarkKind) => [0, ...marks.flatMap((mark) => mark[`${kind}_id`] ?? [])];
    const rooms = await tx
      .selectFrom('rooms')
      .select(['id', 'name', 'number'])
      .where((e) => e.or([e('floor_id', '=', plan.floor_id), e('id', 'in', marked('room'))]))
      .orderBy('rank')
      .orderBy('name')
      .execute();
    const inRooms = [0, ...rooms.map((room) => room.id)];
    const racks = await tx
      .selectFrom('racks')
      .select(['id', 'name', 'room_id', 'purpose', 'depth_mm'])
      .where((e) => e.or([e('room_id', 'in', inRooms), e('id', 'in', marked('rack'))]))
      .orderBy('rank')
      .orderBy('name')
      .execute();
    const outlets = await tx
      .selectFrom('outlets')
      .select(['id', 'name', 'room_id'])
      .where((e) => e.or([e('room_id', 'in', inRooms), e('id', 'in', marked('outlet'))]))
      .orderBy('name')
      .execute();
    const devices = await tx
      .selectFrom('devices')
      .leftJoin('device_monitoring as m', 'm.device_id', 'devices.id')
      .select(['devices.id', 'name', 'role', 'room_id', 'rack_id', 'm.address'])
      .where((e) => e.or([e('room_id', 'in', inRooms), e('devices.id', 'in', marked('device'))]))
      .orderBy('name')
      .execute();
    const ports = await outletPorts(
      tx,
      outlets.map((outlet) => outlet.id),
    );
    const others = await tx
      .selectFrom('floor_plans')
      .select(['id', 'name'])
      .where('floor_id', '=', plan.floor_id)
      .orderBy('rank')
      .orderBy('name')
      .execute();
    return {
      id: plan.id,
      version: plan.version,
      name: plan.name,
      floor: { id: plan.floor_id, name: plan.floor },
      building: { id: plan.building_id, name: plan.building },
      site: { id: plan.site_id, name: plan.site },
      documentId: plan.document_id,
      width: plan.width,
      height: plan.height,
      unitsPerMetre: plan.units_per_metre,
      plans: others,
      marks: marks.flatMap(markOf),
      rooms,
      racks: racks.map((rack) => ({
        id: rack.id,
        name: rack.name,
        roomId: rack.room_id,
        purpose: rack.purpose ?? '',
        depthMm: rack.depth_mm,
      })),
      outlets: outlets.map((outlet) => ({
        id: outlet.id,
        name: outlet.name,
        roomId: outlet.room_id,
        ports: ports.get(outlet.id) ?? [],
      })),
      devices: devices.map((device) => ({
        id: device.id,
        name: device.name,
        role: device.role,
        roomId: device.room_id,
        rackId: device.rack_id,
        monitored: device.address !== null,
      })),
    };
  });
}

function planRow(db: Database, planId: number) {
  return db
    .selectFrom('floor_plans as p')
    .innerJoin('floors as f', 'f.id', 'p.floor_id')
    .innerJoin('buildings as b', 'b.id', 'f.building_id')
    .innerJoin('sites as s', 's.id', 'b.site_id')
    .selectAll('p')
    .select([
      'f.name as floor',
      'b.id as building_id',
      'b.name as building',
      's.id as site_id',
      's.name as site',
    ])
    .where('p.id', '=', planId)
    .executeTakeFirst();
}

function markOf(row: Selectable<Tables['plan_marks']>): PlanMark[] {
  const kind = markKinds.find((each) => row[`${each}_id`] !== null);
  const subjectId = kind === undefined ? null : row[`${kind}_id`];
  if (kind === undefined || subjectId === null) return [];
  const points = Points.parse(JSON.parse(row.points));
  return [{ id: row.id, version: row.version, kind, subjectId, points, turn: row.turn }];
}
