import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadFeedTemplates } from './index.ts';

describe('the templates of feeds', () => {
  it('are all good, and those that know their own lines come first', async () => {
    const templates = await loadFeedTemplates();
    expect(templates.map(({ id }) => id)).toEqual(['proxmox', 'telegraf']);
  });

  it('name file, line and key of what is wrong', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rackhaus-feeds-'));
    const problemOf = async (values: string) => {
      const text = `id: x\nname: X\nsources: [{ tags: { host: host } }]\nmeasurements:\n  - measurement: m\n    values:\n      - ${values}\n`;
      await writeFile(join(folder, 'x.yaml'), text);
      return loadFeedTemplates(folder).then(
        () => 'no problem',
        (error: unknown) => String(error),
      );
    };
    expect(await problemOf('{ field: a, metric: device.cpu }')).toBe('no problem');
    expect(await problemOf('{ field: a, metric: device.speed }')).toMatch(
      /x\.yaml:7: .*"device.speed" is not in/,
    );
    expect(await problemOf('{ field: a, metric: port.rx }')).toMatch(/x\.yaml:\d: .*a port needs the name/);
    expect(await problemOf('{ field: a, metric: device.reachable }')).toMatch(/has states: say which/);
    expect(await problemOf("{ field: a, metric: device.reachable, states: { '1': up } }")).toMatch(
      /"up" is not a state/,
    );
    expect(await problemOf('{ metric: device.cpu }')).toMatch(/either field or tag/);
    expect(await problemOf('{ field: a, metric: device.cpu, faktor: 2 }')).toMatch(/unknown key "faktor"/);
  });
});
