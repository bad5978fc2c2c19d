import type { DeviceTypeFile } from '@rackhaus/config/device-types';
import { DeviceTypeFile as DeviceTypeSchema } from '@rackhaus/config/device-types';
import type { InventoryFile } from '@rackhaus/config/inventory-file';
import type { SecretBox } from '../../access/secret-box.ts';
import type { Database } from '../../database/tables.ts';
import type { Change } from '../../history/change.ts';
import type { Cause, Changes } from '../../history/changes.ts';
import { chunked } from '../../history/rows.ts';
import { checkDevices } from './check-devices.ts';
import { checkLinks } from './check-links.ts';
import { checkPlaces } from './check-places.ts';
import { checkRest } from './check-rest.ts';
import { checkServices } from './check-services.ts';
import { parseEnd } from './ends.ts';
import { type Existing, readExisting } from './existing.ts';
import { type ImportProblem, Problems } from './problems.ts';
import { TypePorts } from './wanted.ts';
import { Writer } from './writer.ts';

export interface ImportReport {
  /** Everything that is wrong; nothing has been written when there is any. */
  readonly problems: readonly ImportProblem[];
  readonly created: number;
  readonly changed: number;
  /** The change that it made, by which it can be undone as a whole; null when there was nothing to do. */
  readonly changeId: number | null;
}

/**
 * Brings what a file describes into the inventory, in one transaction: all of it or, when anything is wrong, nothing. Sites,
 * devices, outlets and credentials are known by their names, links by their ends. What the file does not name stays as it
 * is; the same file again changes nothing. `types`: the device types to choose from, besides those in use already.
 */
export async function importInventory(options: {
  changes: Changes;
  cause: Cause;
  secretBox: SecretBox;
  file: InventoryFile;
  types: ReadonlyMap<string, DeviceTypeFile>;
}): Promise<ImportReport> {
  const { changes, cause, ...rest } = options;
  const { changeId, result } = await changes.run(cause, (change) => bringIn(change, rest));
  return { ...result, changeId };
}

/** {@link importInventory} as part of a change: for who wants to see first what it would do. */
export async function bringIn(
  change: Change,
  options: { secretBox: SecretBox; file: InventoryFile; types: ReadonlyMap<string, DeviceTypeFile> },
): Promise<Omit<ImportReport, 'changeId'>> {
  const { secretBox, file, types } = options;
  const { tx } = change;
  const existing = await readExisting(tx, await ownersOf(tx, file, types));
  const known = allTypes(existing, types);
  const typePorts = new TypePorts(known);
  const problems = new Problems();
  const places = checkPlaces(file, existing, problems);
  checkDevices({ file, types: known, existing, places, problems });
  checkLinks({ file, existing, typePorts, problems });
  checkServices({ file, existing, problems });
  checkRest({ file, existing, places, typePorts, problems });
  if (problems.list.length > 0) return { problems: problems.list, created: 0, changed: 0 };
  const writer = new Writer({ change, secretBox, existing, types: known, typePorts });
  return { problems: [], ...(await writer.write(file)) };
}

/** Whom the import reads ports and links of: whom the file names, and devices whose type has changed. */
async function ownersOf(
  tx: Database,
  file: InventoryFile,
  types: ReadonlyMap<string, DeviceTypeFile>,
): Promise<Set<string>> {
  const owners = new Set([...file.devices, ...file.outlets].map((owner) => owner.name));
  for (const link of file.links) for (const end of [link.from, link.to]) owners.add(parseEnd(end).owner);
  for (const vlan of file.vlans) for (const end of vlan.untagged) owners.add(parseEnd(end).owner);
  const rows = await tx.selectFrom('device_types').select(['id', 'slug', 'definition']).execute();
  const changed = rows.filter((row) => {
    const type = types.get(row.slug);
    return type !== undefined && JSON.stringify(type) !== row.definition;
  });
  for (const ids of chunked(changed.map((row) => row.id))) {
    const devices = await tx.selectFrom('devices').select('name').where('type_id', 'in', ids).execute();
    for (const device of devices) owners.add(device.name);
  }
  return owners;
}

function allTypes(
  existing: Existing,
  types: ReadonlyMap<string, DeviceTypeFile>,
): ReadonlyMap<string, DeviceTypeFile> {
  const all = new Map(types);
  for (const [slug, row] of existing.types)
    if (!all.has(slug)) all.set(slug, DeviceTypeSchema.parse(JSON.parse(row.definition)));
  return all;
}
