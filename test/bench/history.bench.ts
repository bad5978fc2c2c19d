import { ObjectHistory, RoomView } from '@rackhaus/config/contract';
import { createApi } from '../harness/api.ts';
import { restartBackend, startBackend } from '../harness/backend.ts';
import { mainThreadMs } from '../harness/cpu.ts';
import { type Figure, median } from './figure.ts';
import { devicesPerRack, fillRacks, generator, writePast } from './history-past.ts';

const events = 1_000_000;
const rounds = 60;
const warmUpRounds = 10;

/**
 * What the history costs the server with a million events: the latest hundred of a device, of a rack, and a rack as it was at
 * some time within three years. CPU time of the server's main thread, from the request to the reply.
 */
export async function run(): Promise<readonly Figure[]> {
  const first = await startBackend({ RACKHAUS_LOG_LEVEL: 'error' });
  const { racks, devices } = await fillRacks(first).finally(() => first.stop());
  const now = Date.now();
  const { from } = writePast(first.dataDir, { devices, events, now });
  const backend = await restartBackend(first, { RACKHAUS_LOG_LEVEL: 'error' });
  try {
    const api = await createApi(backend);
    const random = generator(3);
    const any = (of: readonly number[]) => of[Math.floor(random() * of.length)] ?? 0;
    const costOf = async (work: () => Promise<void>) => {
      const before = mainThreadMs(backend.child.pid ?? 0);
      await work();
      return mainThreadMs(backend.child.pid ?? 0) - before;
    };
    const ofDevice = async () => {
      // Each fifth is a busy one.
      const { changes } = await api.get(`/api/history/device/${any(devices)}`, ObjectHistory);
      if (changes.length < 5) throw new Error(`only ${changes.length} changes`);
    };
    const ofRack = async () => {
      const { changes } = await api.get(`/api/history/rack/${any(racks)}`, ObjectHistory);
      if (changes.length < 5) throw new Error(`only ${changes.length} changes`);
    };
    const asOf = async () => {
      const time = Math.floor(from + 60_000 + random() * (now - from - 60_000));
      const room = await api.get(`/api/racks/${any(racks)}/as-of?time=${time}`, RoomView);
      if (room.racks[0]?.devices.length !== devicesPerRack) throw new Error('devices are missing');
    };
    const figures: Figure[] = [];
    for (const [name, work, atMost] of [
      ['history-of-device', ofDevice, 20],
      ['history-of-rack', ofRack, 20],
      ['history-rack-as-of', asOf, 50],
    ] as const) {
      const costs: number[] = [];
      for (let round = 0; round < warmUpRounds + rounds; round++) {
        const cost = await costOf(work);
        if (round >= warmUpRounds) costs.push(cost);
      }
      figures.push({ name, value: median(costs), unit: 'ms-cpu', atMost });
    }
    return figures;
  } finally {
    await backend.stop();
  }
}
