import type { PluggedPort, TypePreview } from '@rackhaus/config/contract';
import { DeviceTypeFile, notesOf, portsOfType } from '@rackhaus/config/device-types';
import type { Database } from '../../database/tables.ts';
import { chunked } from '../../history/rows.ts';
import type { FaceImages } from './images.ts';
import type { ReadType } from './read-files.ts';

/** A type that may be brought in. `type` is what will be kept: faces that were drawn here stay when the file has none. */
export interface Candidate {
  readonly type: DeviceTypeFile;
  readonly images: FaceImages;
  readonly preview: TypePreview;
}

/** So many between which others are served. */
const typesAtOnce = 20;

/** Compares what was read with what is there. Nothing is written. */
export async function compareTypes(
  db: Database,
  read: readonly ReadType[],
  imagesOf: (type: DeviceTypeFile) => FaceImages,
): Promise<Candidate[]> {
  const known = await knownTypes(
    db,
    read.map(({ type }) => type.slug),
  );
  const candidates: Candidate[] = [];
  for (const [index, { file, type: given }] of read.entries()) {
    if (index % typesAtOnce === typesAtOnce - 1) await new Promise((resolve) => setImmediate(resolve));
    const there = known.get(given.slug);
    const old = there === undefined ? undefined : DeviceTypeFile.parse(JSON.parse(there.definition));
    const type = old === undefined ? given : withFacesOf(old, given);
    const images = imagesOf(given);
    const ports = portsOfType(type);
    const change = old === undefined ? { added: [], removed: [] } : portChange(old, type);
    const plugged =
      there === undefined || change.removed.length === 0
        ? []
        : await pluggedPorts(db, there.id, change.removed);
    candidates.push({
      type,
      images,
      preview: {
        slug: type.slug,
        file,
        manufacturer: type.manufacturer,
        model: type.model,
        state: stateOf(old, type, plugged),
        id: there?.id ?? null,
        ports: ports.length,
        devices: there?.devices ?? 0,
        addedPorts: change.added,
        removedPorts: change.removed,
        plugged,
        images: (['front', 'rear'] as const).filter((side) => images[side] !== undefined),
        notes: notesOf(type),
      },
    });
  }
  return candidates;
}

function stateOf(
  old: DeviceTypeFile | undefined,
  type: DeviceTypeFile,
  plugged: readonly PluggedPort[],
): TypePreview['state'] {
  if (old === undefined) return 'new';
  if (plugged.length > 0) return 'blocked';
  return sameDefinition(old, type) ? 'same' : 'changed';
}

/** Whether two types say the same, in whatever order. */
export function sameDefinition(a: DeviceTypeFile, b: DeviceTypeFile): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}

/** The library says nothing of faces: those that people have drawn stay, as long as they fit the new ports. */
function withFacesOf(old: DeviceTypeFile, given: DeviceTypeFile): DeviceTypeFile {
  if (given.rackhaus !== undefined || old.rackhaus === undefined) return given;
  const kept = DeviceTypeFile.safeParse({ ...given, rackhaus: old.rackhaus });
  if (kept.success) return kept.data;
  const { front: _front, rear: _rear, ...form } = old.rackhaus;
  const formOnly = DeviceTypeFile.safeParse({ ...given, rackhaus: form });
  return formOnly.success ? formOnly.data : given;
}

function portChange(old: DeviceTypeFile, type: DeviceTypeFile): { added: string[]; removed: string[] } {
  const before = new Set(portsOfType(old).map((port) => port.name));
  const after = new Set(portsOfType(type).map((port) => port.name));
  return {
    added: [...after].filter((name) => !before.has(name)),
    removed: [...before].filter((name) => !after.has(name)),
  };
}

interface Known {
  readonly id: number;
  readonly definition: string;
  readonly devices: number;
}

async function knownTypes(db: Database, slugs: readonly string[]): Promise<Map<string, Known>> {
  const known = new Map<string, Known>();
  for (const part of chunked(slugs)) {
    const rows = await db
      .selectFrom('device_types')
      .leftJoin('devices', 'devices.type_id', 'device_types.id')
      .select((e) => [
        'device_types.id',
        'device_types.slug',
        'device_types.definition',
        e.fn.count<number>('devices.id').as('devices'),
      ])
      .where('device_types.slug', 'in', part)
      .groupBy(['device_types.id', 'device_types.slug', 'device_types.definition'])
      .execute();
    for (const { slug, id, definition, devices } of rows)
      known.set(slug, { id, definition, devices: Number(devices) });
  }
  return known;
}

/** At most this many are named; the rest is like them. */
const mostPlugged = 20;

/** Ports of these names at devices of a type in which a cable is plugged. */
export async function pluggedPorts(
  db: Database,
  typeId: number,
  names: readonly string[],
): Promise<PluggedPort[]> {
  const found: PluggedPort[] = [];
  for (const part of chunked(names)) {
    const rows = await db
      .selectFrom('devices')
      .innerJoin('ports', 'ports.device_id', 'devices.id')
      .innerJoin('link_ends', 'link_ends.port_id', 'ports.id')
      .innerJoin('links', 'links.id', 'link_ends.link_id')
      .select(['devices.id', 'devices.name', 'ports.name as port', 'links.label'])
      .where('devices.type_id', '=', typeId)
      .where('ports.name', 'in', part)
      .orderBy('devices.name')
      .orderBy('ports.rank')
      .limit(mostPlugged - found.length)
      .execute();
    for (const { id, name, port, label } of rows)
      found.push({ device: { id, name }, port, cable: label === null || label === '' ? null : label });
    if (found.length >= mostPlugged) break;
  }
  return found;
}
