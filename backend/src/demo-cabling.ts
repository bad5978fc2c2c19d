import { PlannedChange } from '@rackhaus/config/contract';
import { Orders } from './cabling/orders/orders.ts';
import type { Database } from './database/tables.ts';
import type { Changes } from './history/changes.ts';
import type { Caller } from './http/route.ts';

/**
 * What the sample town hall has in hand: cords in store, one that somebody came upon, tested cables in the walls, an order that is being planned and one that may be carried out. To be called once, on the sample's inventory.
 */
export async function bringCablingWorkIn(options: {
  db: Database;
  changes: Changes;
  caller: Caller;
}): Promise<void> {
  const { db, changes, caller } = options;
  const portId = async (device: string, name: string): Promise<number> => {
    const { id } = await db
      .selectFrom('ports')
      .innerJoin('devices', 'devices.id', 'ports.device_id')
      .select('ports.id')
      .where('devices.name', '=', device)
      .where('ports.name', '=', name)
      .executeTakeFirstOrThrow();
    return id;
  };
  const linkId = async (label: string): Promise<number> => {
    const { id } = await db
      .selectFrom('links')
      .select('id')
      .where('label', '=', label)
      .executeTakeFirstOrThrow();
    return id;
  };
  const cord = async (
    label: string,
    from: readonly [string, string],
    to: readonly [string, string],
    lengthM: number,
  ) =>
    PlannedChange.parse({
      action: 'add-link',
      kind: from[1].startsWith('PSU') ? 'power' : 'patch',
      label,
      lengthM,
      a: { portId: await portId(...from) },
      b: { portId: await portId(...to) },
    });

  const foundAt = await portId('acc-ug-1', '1/1/40');
  await changes.run(
    { user: { id: null, name: 'Katja Brandt' }, source: 'setup', reason: 'Bestandsaufnahme Serverraum' },
    async (change) => {
      const room = await change.tx
        .selectFrom('rooms')
        .select('id')
        .where('name', '=', 'Serverraum neu')
        .executeTakeFirstOrThrow();
      const store = { room_id: room.id, place: 'Schublade in Schrank 3' };
      const [, , found = 0] = await change.insert('link', [
        {
          kind: 'patch',
          status: 'spare',
          label: 'K-0901',
          medium: 'cat6a',
          color: 'grey',
          length_m: 2,
          ...store,
        },
        {
          kind: 'patch',
          status: 'reserved',
          label: 'K-0902',
          medium: 'cat6a',
          color: 'blue',
          length_m: 5,
          ...store,
        },
        {
          kind: 'patch',
          status: 'found',
          label: 'K-0903',
          color: 'yellow',
          notes: 'Steckt in acc-ug-1; das andere Ende liegt unter dem Doppelboden.',
        },
      ]);
      await change.insert('link-end', [{ link_id: found, side: 'a', port_id: foundAt }]);
      const tested = await change.tx
        .selectFrom('links')
        .select(['id', 'length_m'])
        .where('kind', '=', 'permanent')
        .where('length_m', 'is not', null)
        .orderBy('id')
        .limit(12)
        .execute();
      await change.insert(
        'cable-test',
        tested.map(({ id, length_m: length }, index) => ({
          link_id: id,
          tested_on: '2025-11-06',
          tester: 'Elektro Sander KG, DSX-5000',
          limit: 'EN 50173-1 Klasse EA PL',
          passed: 1,
          length_m: length,
          margin_db: 2.4 + (index % 5) * 0.6,
        })),
      );
    },
  );

  const orders = new Orders({ db, changes });
  await orders.draft(caller, 'Zweites Stromkabel für die Sicherung, Klimagerät im alten Raum abklemmen', [
    await cord('S-101', ['nas-sicherung', 'PSU 2'], ['PDU 2A', '8'], 1.5),
    PlannedChange.parse({ action: 'remove-link', linkId: await linkId('S-045'), keep: true }),
  ]);
  const id = await orders.draft(caller, 'Zweite Wege zwischen den Zugangs-Switches im Untergeschoss', [
    await cord('K-0911', ['acc-ug-1', '1/1/44'], ['acc-ug-3', 'Gi1/0/20'], 3),
    await cord('K-0912', ['acc-ug-1', '1/1/45'], ['acc-ug-2', 'Gi1/0/23'], 2),
  ]);
  await orders.submit(caller, { id, seen: undefined }, null);
  const { state } = await db
    .selectFrom('orders')
    .select('state')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  if (state === 'submitted') await orders.approve(caller, { id, seen: undefined }, null);
}
