import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError, readYaml } from '../yaml/index.ts';
import { type AlertRule, AlertRuleFile } from './schema.ts';

/** The folder of the rules that come with Rackhaus. */
export const alertRulesFolder = import.meta.dirname;

/**
 * Reads every rule of a folder, in the order of files and lines.
 * @throws FileError when a file does not hold rules, or two rules have the same id.
 */
export async function loadAlertRules(folder = alertRulesFolder): Promise<AlertRule[]> {
  return [...(await loadRuleGroups(folder)).values()].flat();
}

/** The same by the name of their file. @throws FileError */
export async function loadRuleGroups(folder = alertRulesFolder): Promise<Map<string, readonly AlertRule[]>> {
  const groups = new Map<string, readonly AlertRule[]>();
  const ids = new Set<string>();
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.yaml')).sort()) {
    const file = join(folder, name);
    const { rules } = await readYaml(file, AlertRuleFile);
    for (const { id } of rules) {
      if (ids.has(id))
        throw new FileError(file, [{ line: undefined, path: id, message: 'this id is used twice' }]);
      ids.add(id);
    }
    groups.set(name.replace(/\.yaml$/, ''), rules);
  }
  return groups;
}
