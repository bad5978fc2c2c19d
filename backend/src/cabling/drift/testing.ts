import { noIdentity, type Observation, type Sightings } from '@rackhaus/config/contract';
import { InventoryFile } from '@rackhaus/config/inventory-file';
import { emptyInventory, tester, types } from '../../inventory/testing.ts';
import { createDrift } from './drift.ts';
import type { Network } from './network.ts';

/** What a device says: names of its ports and, of some, the neighbour and the neighbour's port there. */
export function observation(
  deviceId: number,
  neighbours: readonly (readonly [localPort: string, remoteName: string, remotePort: string])[],
  over: Partial<Observation> = {},
): Observation {
  return {
    deviceId,
    time: 1000,
    profile: 'generic',
    identity: { ...noIdentity },
    ports: [],
    entities: [],
    neighbours: neighbours.map(([localPort, remoteName, remotePort]) => ({
      localPort,
      remoteName,
      remotePort,
      remoteDescription: null,
      protocol: 'lldp',
      chassis: null,
      portDescription: null,
      managementAddress: null,
    })),
    ...over,
  };
}

/** Monitoring as far as drift asks of it; tests say what devices say. */
export class ToldNetwork implements Network {
  readonly #observations = new Map<number, Observation>();
  readonly #sightings = new Map<number, Sightings>();
  readonly #states = new Map<number, Map<string, { up: boolean; changedAt: number | null }>>();
  readonly #hear = new Set<(ids: readonly number[]) => void>();
  readonly #clock: { now: number };

  constructor(clock: { now: number }) {
    this.#clock = clock;
  }

  readonly observations = {
    all: async () => this.#observations,
    onChange: (listener: (ids: readonly number[]) => void) => this.#listen(listener),
  };
  readonly sightings = {
    all: async () => this.#sightings,
    onChange: (listener: (ids: readonly number[]) => void) => this.#listen(listener),
  };
  readonly ports = {
    of: (deviceId: number) =>
      [...(this.#states.get(deviceId) ?? [])].map(([port, state]) => ({ port, ...state })),
    heardAt: () => this.#clock.now,
    onChange: (listener: (ids: readonly number[]) => void) => this.#listen(listener),
  };

  /** What is to be told when devices are read out of turn; each time the next. */
  readonly onPoll: (() => void)[] = [];
  async pollNow(deviceIds: readonly number[]): Promise<Map<number, number | null>> {
    this.onPoll.shift()?.();
    return new Map(deviceIds.map((id) => [id, this.#clock.now]));
  }

  says(told: Observation): void {
    this.#observations.set(told.deviceId, told);
    this.#tell(told.deviceId);
  }
  sees(told: Sightings): void {
    this.#sightings.set(told.deviceId, told);
    this.#tell(told.deviceId);
  }
  link(deviceId: number, port: string, up: boolean, changedAt: number | null = null): void {
    const states = this.#states.get(deviceId) ?? new Map();
    this.#states.set(deviceId, states.set(port, { up, changedAt }));
    this.#tell(deviceId);
  }

  #listen(listener: (ids: readonly number[]) => void): () => void {
    this.#hear.add(listener);
    return () => this.#hear.delete(listener);
  }
  #tell(deviceId: number): void {
    for (const listener of this.#hear) listener([deviceId]);
  }
}

const room = 'Rathaus/Serverraum';
const monitored = (name: string, address: string) => ({
  name,
  type: 'cisco-c1200-8t-e-2g',
  role: 'switch',
  room,
  rack: 'S1',
  monitoring: { address, ping: false },
});

/**
 * A small inventory and a drift watch over it: switches core, acc-1, acc-2, acc-3 in one room; core:gi1 leads to acc-1:gi1 by
 * cord K1, core:gi2 to outlet 0.1-1 through panel A; in the office a PC that nothing leads to, and outlet 0.1-2 behind A:2.
 */
export async function world() {
  const { db, inventory } = await emptyInventory();
  const file = InventoryFile.parse({
    sites: [
      {
        name: 'Rathaus',
        buildings: [
          {
            name: 'Haus',
            floors: [
              { name: 'EG', rooms: [{ name: 'Serverraum', racks: [{ name: 'S1' }] }, { name: 'Büro' }] },
            ],
          },
        ],
      },
    ],
    devices: [
      { ...monitored('core', '10.0.0.1'), position: 1 },
      { ...monitored('acc-1', '10.0.0.2'), position: 2 },
      { ...monitored('acc-2', '10.0.0.3'), position: 3 },
      { ...monitored('acc-3', '10.0.0.4'), position: 4 },
      { name: 'A', type: 'generic-copper-panel-24', role: 'panel', room, rack: 'S1', position: 10 },
      {
        name: 'ap-1',
        type: 'ubiquiti-u6-enterprise',
        role: 'access-point',
        room: 'Rathaus/Büro',
      },
    ],
    outlets: [
      { name: '0.1-1', room: 'Rathaus/Büro', ports: 1 },
      { name: '0.1-2', room: 'Rathaus/Büro', ports: 1 },
    ],
    links: [
      { kind: 'patch', from: 'core:gi1', to: 'acc-1:gi1', label: 'K1' },
      { kind: 'patch', from: 'core:gi2', to: 'A:1', label: 'K2' },
      { kind: 'permanent', from: 'A:1', to: '0.1-1:1', label: 'A-01' },
      { kind: 'permanent', from: 'A:2', to: '0.1-2:1', label: 'A-02' },
    ],
  });
  await inventory.import(file, types, tester);
  const clock = { now: 1_800_000_000_000 };
  const network = new ToldNetwork(clock);
  const errors: unknown[] = [];
  const drift = createDrift({
    db,
    changes: inventory.changes,
    network,
    pollNow: (deviceIds) => network.pollNow(deviceIds),
    onCommit: (listener) => inventory.events.onChange(listener),
    makeDraft: () => Promise.reject(new Error('no orders here')),
    now: () => clock.now,
    onChange: () => undefined,
    onError: (error) => errors.push(error),
  });
  await drift.start();
  const devices = await db.selectFrom('devices').select(['id', 'name']).execute();
  const idOf = (name: string) => devices.find((device) => device.name === name)?.id ?? 0;
  return {
    db,
    inventory,
    drift,
    network,
    clock,
    errors,
    idOf,
    /** A port by `<device or outlet>:<port>`. */
    port: async (path: string): Promise<number> => {
      const [owner = '', name = ''] = path.split(':');
      const row = await db
        .selectFrom('ports')
        .leftJoin('devices', 'devices.id', 'ports.device_id')
        .leftJoin('outlets', 'outlets.id', 'ports.outlet_id')
        .select('ports.id')
        .where((e) => e.or([e('devices.name', '=', owner), e('outlets.name', '=', owner)]))
        .where('ports.name', '=', name)
        .executeTakeFirstOrThrow();
      return row.id;
    },
    link: async (label: string): Promise<number> =>
      (await db.selectFrom('links').select('id').where('label', '=', label).executeTakeFirstOrThrow()).id,
    close: async () => {
      await drift.stop();
      await inventory.stop();
      await db.destroy();
    },
  };
}
