import type { PlanList } from '@rackhaus/config/contract';
import type { Reach } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';

/** Every floor with its plans, also those on which nothing stands yet: that is where plans begin. `reach`: only of these sites. */
export async function planList(db: Database, reach: Reach | null = null): Promise<PlanList> {
  return db.transaction().execute(async (tx) => {
    const sites = await tx
      .selectFrom('sites')
      .$if(reach !== null, (query) => query.where('id', 'in', [...(reach?.sites ?? [])]))
      .select(['id', 'name'])
      .orderBy('rank')
      .orderBy('name')
      .execute();
    const buildings = await tx
      .selectFrom('buildings')
      .select(['id', 'name', 'site_id'])
      .orderBy('rank')
      .orderBy('name')
      .execute();
    const floors = await tx
      .selectFrom('floors')
      .select(['id', 'name', 'building_id'])
      .orderBy('rank')
      .orderBy('name')
      .execute();
    const rooms = await tx.selectFrom('rooms').select(['id', 'floor_id']).execute();
    const plans = await tx.selectFrom('floor_plans').selectAll().orderBy('rank').orderBy('name').execute();
    const counts = await tx
      .selectFrom('plan_marks')
      .select((e) => ['plan_id', e.fn.count('room_id').as('rooms'), e.fn.countAll().as('all')])
      .groupBy('plan_id')
      .execute();
    const countOf = new Map(counts.map((row) => [row.plan_id, row]));
    const roomsOf = Map.groupBy(rooms, (room) => room.floor_id);
    const plansOf = Map.groupBy(plans, (plan) => plan.floor_id);
    const floorsOf = Map.groupBy(floors, (floor) => floor.building_id);
    const buildingsOf = Map.groupBy(buildings, (building) => building.site_id);
    return {
      sites: sites.map((site) => ({
        ...site,
        buildings: (buildingsOf.get(site.id) ?? []).map((building) => ({
          id: building.id,
          name: building.name,
          floors: (floorsOf.get(building.id) ?? []).map((floor) => ({
            id: floor.id,
            name: floor.name,
            roomIds: (roomsOf.get(floor.id) ?? []).map((room) => room.id),
            plans: (plansOf.get(floor.id) ?? []).map((plan) => {
              const marked = countOf.get(plan.id);
              const drawn = Number(marked?.rooms ?? 0);
              return {
                id: plan.id,
                name: plan.name,
                documentId: plan.document_id,
                width: plan.width,
                height: plan.height,
                rooms: drawn,
                points: Number(marked?.all ?? 0) - drawn,
              };
            }),
          })),
        })),
      })),
    };
  });
}
