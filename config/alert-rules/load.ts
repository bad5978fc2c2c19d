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
  const rules: AlertRule[] = [];
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.yaml')).sort()) {
    const file = join(folder, name);
    for (const rule of (await readYaml(file, AlertRuleFile)).rules) {
      if (rules.some((known) => known.id === rule.id))
        throw new FileError(file, [{ line: undefined, path: rule.id, message: 'this id is used twice' }]);
      rules.push(rule);
    }
  }
  return rules;
}
