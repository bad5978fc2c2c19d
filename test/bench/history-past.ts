import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { BatchReply } from '@rackhaus/config/contract';
import { type RunningBackend, signIn } from '../harness/backend.ts';

export const racks = 200;
export const devicesPerRack = 20;
export const portsPerDevice = 24;
const years = 3;
const perBatch = 1000;

/** Racks full of switches over the API, so that what is there and its first events are the engine's own. @returns their ids */
export async function fillRacks(backend: RunningBackend): Promise<{ racks: number[]; devices: number[] }> {
  const cookie = await signIn(backend);
  const batch = async (operations: readonly object[]) => {
    const reply = await fetch(`${backend.url}/api/inventory/batch`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json', origin: backend.url },
      body: JSON.stringify({ operations }),
    });
    if (!reply.ok) throw new Error(`batch: ${reply.status} ${await reply.text()}`);
    return BatchReply.parse(await reply.json()).ids;
  };
  const create = (kind: string, values: object, key?: string) => ({ op: 'create', kind, key, values });
  const places = await batch([
    create('site', { name: 'Bench' }, 's'),
    create('building', { siteId: '#s', name: 'B' }, 'b'),
    create('floor', { buildingId: '#b', name: 'F' }, 'f'),
    create('room', { floorId: '#f', name: 'R' }, 'r'),
    create('device-type', {
      definition: {
        manufacturer: 'Bench',
        model: 'Switch 24',
        slug: 'bench-switch-24',
        u_height: 1,
        interfaces: Array.from({ length: portsPerDevice }, (_, n) => ({
          name: `${n + 1}`,
          type: '1000base-t',
        })),
      },
    }),
    ...Array.from({ length: racks }, (_, n) =>
      create('rack', { roomId: '#r', name: `K${String(n).padStart(3, '0')}`, heightU: 42 }),
    ),
  ]);
  const [typeId, ...rackIds] = places.slice(4);
  const wanted = rackIds.flatMap((rackId, rack) =>
    Array.from({ length: devicesPerRack }, (_, n) =>
      create('device', { name: `sw-${rack}-${n}`, typeId, role: 'switch', rackId, position: n + 1 }),
    ),
  );
  const devices: number[] = [];
  for (let start = 0; start < wanted.length; start += perBatch)
    devices.push(...(await batch(wanted.slice(start, start + perBatch))));
  return { racks: rackIds, devices };
}

/**
 * Writes what would have happened to these devices over three years straight into the tables: moves within the rack and back,
 * other serial numbers, names of persons, cords plugged and unplugged, descriptions of ports. Most of it happens to few: of ten
 * events eight to a fifth of the devices.
 */
export function writePast(
  dataDir: string,
  of: { readonly devices: readonly number[]; readonly events: number; readonly now: number },
): { readonly from: number } {
  const db = new DatabaseSync(join(dataDir, 'rackhaus.sqlite'));
  try {
    db.exec('pragma synchronous = off; pragma foreign_keys = off; begin');
    const from = of.now - years * 365 * 86_400_000;
    db.prepare('update changes set time = ?').run(from);
    const place = db.prepare('select rack_id, room_id, position from devices where id = ?');
    const standing = new Map(of.devices.map((id) => [id, { ...place.get(id) }]));
    const firstPort = db.prepare('select min(id) as id from ports where device_id = ?');
    const change = db.prepare(
      `insert into changes (time, user_name, source, reason, counts, first_kind, first_id, first_name)
       values (?, ?, 'person', ?, ?, 'device', ?, ?) returning id`,
    );
    const event = db.prepare(
      `insert into change_events (change_id, kind, object_id, name, before, after, count)
       values (?, ?, ?, ?, ?, ?, 1) returning id`,
    );
    const scope = db.prepare('insert into change_scopes (kind, object_id, event_id) values (?, ?, ?)');
    const random = generator(7);
    let written = 0;
    let link = 10_000_000;
    const write = (
      changeId: number,
      kind: string,
      id: number,
      name: string,
      before: object | null,
      after: object | null,
      scopes: readonly (readonly [string, unknown])[],
    ) => {
      const row = (values: object | null) => (values === null ? null : JSON.stringify({ row: values }));
      const made = event.get(changeId, kind, id, name, row(before), row(after));
      for (const [scopeKind, scopeId] of scopes) scope.run(scopeKind, Number(scopeId), Number(made?.id));
      written++;
    };
    while (written < of.events) {
      const time = from + Math.round(((of.now - from) * written) / of.events);
      const busy = random() < 0.8;
      const index = Math.floor(random() * of.devices.length * (busy ? 0.2 : 1));
      // Busy ones stand in every rack: each fifth device.
      const id = of.devices[busy ? index * 5 : index] ?? 0;
      const at = standing.get(id) ?? {};
      const name = `device ${id}`;
      const counts = JSON.stringify([{ kind: 'device', created: 0, updated: 1, deleted: 0 }]);
      const made = change.get(
        time,
        `person ${written % 7}`,
        written % 3 === 0 ? 'as agreed' : null,
        counts,
        id,
        name,
      );
      const changeId = Number(made?.id);
      const places = [
        ['rack', at.rack_id],
        ['room', at.room_id],
      ] as const;
      const kind = random();
      if (kind < 0.3) {
        // There and back, so that what is there today stays true.
        const up = { position: Number(at.position) + 21 };
        write(changeId, 'device', id, name, { position: at.position }, up, places);
        write(changeId, 'device', id, name, up, { position: at.position }, places);
      } else if (kind < 0.55) {
        write(changeId, 'device', id, name, { serial: `S${written}` }, { serial: null }, places);
        write(changeId, 'device', id, name, { person_in_charge: null }, { person_in_charge: 'IT' }, places);
      } else if (kind < 0.8) {
        const port = Number(firstPort.get(id)?.id) + Math.floor(random() * portsPerDevice);
        const scopes = [
          ['link', link],
          ['port', port],
          ['device', id],
        ] as const;
        const end = {
          link_id: link,
          side: 'a',
          port_id: port,
          port_side: 'front',
          id: link,
          version: changeId,
        };
        write(changeId, 'link-end', link, `${name}:1`, null, end, scopes);
        write(changeId, 'link-end', link, `${name}:1`, end, null, scopes);
        link++;
      } else {
        const port = Number(firstPort.get(id)?.id) + Math.floor(random() * portsPerDevice);
        write(changeId, 'port', port, '1', { description: null }, { description: `desk ${written}` }, [
          ['device', id],
        ]);
        write(changeId, 'port', port, '1', { description: `desk ${written}` }, { description: null }, [
          ['device', id],
        ]);
      }
    }
    db.exec('commit; analyze');
    return { from };
  } finally {
    db.close();
  }
}

/** The same numbers every time. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
