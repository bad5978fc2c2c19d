import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readYaml } from '../yaml/index.ts';
import { InventoryFile } from './schema.ts';

/**
 * Reads all `.yaml` files of a folder (not of folders below) as one inventory, in the order of their names.
 * @throws FileError naming file and line.
 */
export async function loadInventory(folder: string): Promise<InventoryFile> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  const parts = await Promise.all(files.map((name) => readYaml(join(folder, name), InventoryFile)));
  return joinInventories(parts);
}

/** Several files as the one inventory that they are together. */
export function joinInventories(parts: readonly InventoryFile[]): InventoryFile {
  return {
    sites: parts.flatMap((part) => part.sites),
    credentials: Object.assign({}, ...parts.map((part) => part.credentials)),
    devices: parts.flatMap((part) => part.devices),
    outlets: parts.flatMap((part) => part.outlets),
    links: parts.flatMap((part) => part.links),
    services: parts.flatMap((part) => part.services),
    contracts: parts.flatMap((part) => part.contracts),
    spareParts: parts.flatMap((part) => part.spareParts),
    vlans: parts.flatMap((part) => part.vlans),
    prefixes: parts.flatMap((part) => part.prefixes),
  };
}
