import { counter32, gauge32, integer, objectId, octets, timeTicks } from '../../snmp/value.ts';
import { cpuUse, memoryUse, volumeFill, volumes } from '../behaviour.ts';
import { chance, wander } from '../noise.ts';
import type { TownDevice } from '../topology.ts';
import type { Moment } from '../world.ts';
import { addColumn, type MibPart } from './writer.ts';

/** HOST-RESOURCES-MIB storage and device types. */
const ram = '1.3.6.1.2.1.25.2.1.2';
const virtualMemory = '1.3.6.1.2.1.25.2.1.3';
const fixedDisk = '1.3.6.1.2.1.25.2.1.4';
const processor = '1.3.6.1.2.1.25.3.1.3';

/** Share in use of a volume, with what a fault has filled: that lands on the largest one. */
export function fillNow(device: TownDevice, volume: string, world: Moment): number {
  const natural = volumeFill(device, volume, world.time);
  const extra = world.state.filled.get(device.name) ?? 0;
  const largest = volumes(device).reduce((a, b) => (b.sizeBytes > a.sizeBytes ? b : a));
  return volume === largest.name ? natural + (0.985 - natural) * extra : natural;
}

/** Share of a host's memory that caches and buffers take. */
const cachedMemory = 0.15;

/** Bytes of memory that a device has. */
export function memoryBytes(device: TownDevice): number {
  if (device.role === 'server') return 2 ** (37 + Math.floor(chance(device.seed, 14) * 2));
  return device.role === 'storage' ? 2 ** 35 : 2 ** 32;
}

/** HOST-RESOURCES-MIB processors, memory and volumes; UCD-SNMP-MIB memory, load and CPU for what runs Linux. */
export const hostMib: MibPart = (device, world, add) => {
  const isHost = device.role === 'server' || device.role === 'storage';
  if (!isHost && device.role !== 'switch' && device.role !== 'firewall' && device.role !== 'router') return;
  add('1.3.6.1.2.1.25.1.1.0', () => timeTicks(world.uptimeTicks(device.name)));
  add('1.3.6.1.2.1.25.2.2.0', integer(memoryBytes(device) / 1024));

  const cores = device.role === 'server' ? 16 : device.role === 'storage' ? 8 : 2;
  const processors = Array.from({ length: cores }, (_, at) => ({ index: 196_608 + at, row: at }));
  addColumn(add, '1.3.6.1.2.1.25.3.2.1.2', processors, () => objectId(processor));
  addColumn(add, '1.3.6.1.2.1.25.3.2.1.3', processors, (at) => octets(`CPU ${at}`));
  addColumn(add, '1.3.6.1.2.1.25.3.3.1.2', processors, (at) => () => {
    const all = cpuUse(device, world.time);
    const one = all * (1 + 0.25 * wander(device.seed + 70 + at, world.time, 15));
    return integer(Math.round(Math.min(1, one) * 100));
  });

  const total = memoryBytes(device);
  const used = () => memoryUse(device, world.time) * total;
  const cached = isHost ? total * (cachedMemory - 0.01) : 0;
  const buffers = isHost ? total * 0.01 : 0;
  const disks = isHost ? volumes(device) : [];
  const storages = [
    // net-snmp counts cache as used here, and tells it apart in rows of its own.
    {
      index: 1,
      type: ram,
      name: 'Physical memory',
      size: total,
      used: () => used() + cached + buffers,
      unit: 1024,
    },
    {
      index: 3,
      type: virtualMemory,
      name: 'Virtual memory',
      size: total * 1.25,
      used: () => used() + cached + buffers,
      unit: 1024,
    },
    {
      index: 6,
      type: '1.3.6.1.2.1.25.2.1.1',
      name: 'Memory buffers',
      size: total,
      used: () => buffers,
      unit: 1024,
    },
    {
      index: 7,
      type: '1.3.6.1.2.1.25.2.1.1',
      name: 'Cached memory',
      size: cached,
      used: () => cached,
      unit: 1024,
    },
    { index: 10, type: virtualMemory, name: 'Swap space', size: total * 0.25, used: () => 0, unit: 1024 },
    ...disks.map((disk, at) => ({
      index: 31 + at,
      type: fixedDisk,
      name: disk.name,
      size: disk.sizeBytes,
      used: () => disk.sizeBytes * fillNow(device, disk.name, world),
      // Sizes are 31-bit numbers of units.
      unit: disk.sizeBytes > 8e12 ? 65_536 : 4096,
    })),
  ];
  const rows = storages.map((storage) => ({ index: storage.index, row: storage }));
  const table = '1.3.6.1.2.1.25.2.3.1';
  addColumn(add, `${table}.1`, rows, (storage) => integer(storage.index));
  addColumn(add, `${table}.2`, rows, (storage) => objectId(storage.type));
  addColumn(add, `${table}.3`, rows, (storage) => octets(storage.name));
  addColumn(add, `${table}.4`, rows, (storage) => integer(storage.unit));
  addColumn(add, `${table}.5`, rows, (storage) => integer(storage.size / storage.unit));
  addColumn(add, `${table}.6`, rows, (storage) => () => integer(storage.used() / storage.unit));

  if (!isHost) return;
  const ucd = '1.3.6.1.4.1.2021';
  const memory: readonly (readonly [number, () => number])[] = [
    [3, () => total * 0.25],
    [4, () => total * 0.25],
    [5, () => total],
    [6, () => total - used() - cached - buffers],
    [11, () => total * 1.25 - used() - cached - buffers],
    [13, () => 0],
    [14, () => buffers],
    [15, () => cached],
    // memSysAvail: free, and what the kernel would give back.
    [27, () => total - used()],
  ];
  for (const [column, bytes] of memory) add(`${ucd}.4.${column}.0`, () => integer(bytes() / 1024));
  for (const [at, minutes] of [1, 5, 15].entries()) {
    const load = () => cpuUse(device, world.time - minutes * 20_000) * cores * 1.05;
    add(`${ucd}.10.1.1.${at + 1}`, integer(at + 1));
    add(`${ucd}.10.1.2.${at + 1}`, octets(`Load-${minutes}`));
    add(`${ucd}.10.1.3.${at + 1}`, () => octets(load().toFixed(2)));
    add(`${ucd}.10.1.5.${at + 1}`, () => integer(load() * 100));
  }
  add(`${ucd}.11.9.0`, () => integer(cpuUse(device, world.time) * 70));
  add(`${ucd}.11.10.0`, () => integer(cpuUse(device, world.time) * 30));
  add(`${ucd}.11.11.0`, () => integer(100 - cpuUse(device, world.time) * 100));
  // Ticks of a hundredth second over all cores, as if the present use had lasted since the boot.
  const raw = (share: () => number) => () => counter32(world.uptimeTicks(device.name) * cores * share());
  add(
    `${ucd}.11.50.0`,
    raw(() => 0.14),
  );
  add(
    `${ucd}.11.51.0`,
    raw(() => 0),
  );
  add(
    `${ucd}.11.52.0`,
    raw(() => 0.06),
  );
  add(
    `${ucd}.11.53.0`,
    raw(() => 0.8),
  );
  add('1.3.6.1.2.1.25.1.6.0', gauge32(180));
};
