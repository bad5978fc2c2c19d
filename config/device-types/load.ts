import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError, readYaml } from '../yaml/index.ts';
import { DeviceTypeFile } from './schema.ts';

/** The folder of the types that come with Rackhaus. */
export const deviceTypesFolder = import.meta.dirname;

/**
 * Reads every device type of a folder, by slug.
 * @throws FileError when a file is not a device type, or two have the same slug.
 */
export async function loadDeviceTypes(
  folder = deviceTypesFolder,
): Promise<ReadonlyMap<string, DeviceTypeFile>> {
  const types = new Map<string, DeviceTypeFile>();
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  for (const name of files) {
    const file = join(folder, name);
    const type = await readYaml(file, DeviceTypeFile);
    if (types.has(type.slug))
      throw new FileError(file, [
        { line: undefined, path: 'slug', message: `"${type.slug}" is used by another file` },
      ]);
    types.set(type.slug, type);
  }
  return types;
}
