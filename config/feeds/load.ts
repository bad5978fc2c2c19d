import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FileError, readYaml } from '../yaml/index.ts';
import { FeedTemplate } from './schema.ts';

/** The folder of the templates that come with Rackhaus. */
export const feedTemplatesFolder = import.meta.dirname;

/**
 * Reads every template of a folder: those that know their own lines by tags first.
 * @throws FileError naming file and line when one is not a template, or its id is not its file's name.
 */
export async function loadFeedTemplates(folder = feedTemplatesFolder): Promise<FeedTemplate[]> {
  const templates: FeedTemplate[] = [];
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.yaml')).sort()) {
    const file = join(folder, name);
    const template = await readYaml(file, FeedTemplate);
    if (`${template.id}.yaml` !== basename(file))
      throw new FileError(file, [
        { line: 1, path: 'id', message: `"${template.id}" must be the file's name` },
      ]);
    templates.push(template);
  }
  const claims = (template: FeedTemplate) => Object.keys(template.where).length;
  return templates.sort((a, b) => claims(b) - claims(a));
}
