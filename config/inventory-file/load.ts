import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readYaml } from '../yaml/index.ts';
import { InventoryFile } from './schema.ts';

/**
 * Reads a file, or all `.yaml` files of a folder (not of folders below) as one inventory, in the order of their names.
 * @throws FileError naming file and line; Error for a folder without such files.
 */
export async function loadInventory(path: string): Promise<InventoryFile> {
  const found = await stat(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new Error(`There is no file or folder ${path}.`);
    throw error;
  });
  if (found.isFile()) return readYaml(path, InventoryFile);
  const files = (await readdir(path)).filter((name) => /\.ya?ml$/.test(name)).sort();
  if (files.length === 0) throw new Error(`There is no YAML file in ${path}.`);
  const parts = await Promise.all(files.map((name) => readYaml(join(path, name), InventoryFile)));
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
