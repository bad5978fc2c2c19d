import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { inspect } from 'node:util';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backendSettings, describeSettings, loadBackendSettings } from './index.ts';
import { Secret } from './secret.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rackhaus-settings-'));
});
afterEach(() => rm(folder, { recursive: true }));

const file = (text: string) => writeFile(join(folder, 'settings.yaml'), text);

describe('settings', () => {
  it('need nothing', async () => {
    const settings = await loadBackendSettings({ DATA_DIR: folder });
    expect(settings).toMatchObject({ port: 8080, host: '127.0.0.1', store: 'embedded', dataDir: folder });
  });

  it('come from the environment before the file before the defaults', async () => {
    await file('port: 9000\nhost: 0.0.0.0\nlogLevel: debug\n');
    const settings = await loadBackendSettings({ DATA_DIR: folder, PORT: '0', HOST: '' });
    expect(settings).toMatchObject({
      port: 0,
      host: '0.0.0.0',
      logLevel: 'debug',
      influxDatabase: 'rackhaus',
    });
  });

  it('may be a file of comments', async () => {
    await file('# port: 9000\n');
    expect((await loadBackendSettings({ DATA_DIR: folder })).port).toBe(8080);
  });

  it.each([
    ['port: 9000\nprot: 1\n', /settings\.yaml:2: .*"prot"/],
    ['host: h\nport: 70000\n', /settings\.yaml:2: port: must be at most 65535/],
    ['store: postgres\n', /settings\.yaml:1: store: must be embedded, influx or victoria/],
    ['dataDir: /x\n', /unknown key "dataDir"/],
    ['port: 1\nport: 2\n', /settings\.yaml:2: /],
  ])('refuse %j with file and line', async (text, message) => {
    await file(text);
    await expect(loadBackendSettings({ DATA_DIR: folder })).rejects.toThrow(message);
  });

  it.each([
    [{ PORT: 'http' }, /^PORT \(environment\): must be a whole number$/],
    [{ PUBLIC_URL: 'ftp://x' }, /^PUBLIC_URL \(environment\): must be a URL/],
    [{ STORE: 'influx' }, /INFLUX_URL must be set/],
    [{ STORE: 'victoria' }, /VICTORIA_URL must be set/],
    [{ VICTORIA_USER: 'rackhaus' }, /VICTORIA_PASSWORD must be set/],
    [{ VICTORIA_ACCOUNT: 'abc' }, /VICTORIA_ACCOUNT/],
    [{ SIMULATOR_URL: 'http://127.0.0.1:1' }, /SIMULATOR_TOKEN must be set/],
  ])('refuse %j', async (env, message) => {
    await expect(loadBackendSettings({ DATA_DIR: folder, ...env })).rejects.toThrow(message);
  });

  it('are described for people, each one', () => {
    const text = describeSettings(backendSettings);
    for (const { env, title, description } of Object.values(backendSettings)) {
      expect(text).toContain(env);
      expect(title.length).toBeGreaterThan(3);
      expect(description).toMatch(/\.$/);
    }
  });
});

describe('a secret', () => {
  it('shows itself in no way of printing a whole settings object', async () => {
    await file('influxPassword: hunter2hunter2\n');
    const settings = await loadBackendSettings({
      DATA_DIR: folder,
      SIMULATOR_URL: 'http://127.0.0.1:1',
      SIMULATOR_TOKEN: 'swordfish',
    });
    expect(settings.influxPassword?.reveal()).toBe('hunter2hunter2');

    let logged = '';
    const log = pino(
      new Writable({
        write(chunk, _encoding, done) {
          logged += String(chunk);
          done();
        },
      }),
    );
    log.info(settings);
    log.info({ settings, nested: [{ settings }] }, 'started with %o', settings);
    log.error(new Error(`cause ${settings.simulatorToken}`, { cause: settings }));

    const printed = [
      logged,
      inspect(settings, { depth: null, showHidden: true }),
      JSON.stringify(settings),
      `${settings.influxPassword} ${String(settings.simulatorToken)}`,
      inspect(structuredClone({ ...settings.influxPassword })),
      inspect(Object.entries(new Secret('swordfish'))),
    ].join('\n');
    expect(printed).toContain('[secret]');
    expect(printed).not.toMatch(/hunter2|swordfish/);
  });
});
