import { join } from 'node:path';
import { readYaml } from '../yaml/index.ts';
import { NutTemplate } from './schema.ts';

export { NutTemplate } from './schema.ts';

/** Reads what the variables of NUT mean. @throws FileError naming file and line */
export function loadNutTemplate(file = join(import.meta.dirname, 'nut.yaml')): Promise<NutTemplate> {
  return readYaml(file, NutTemplate);
}
