import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { batchOf, EmbeddedStore } from './measurements/index.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const command = new URL('./store-command.ts', import.meta.url).pathname;
const minute = 60_000;
let folder: string;
let source: string;

interface Ended {
  readonly code: number | null;
  readonly text: string;
}

function start(args: readonly string[]): {
  child: ChildProcess;
  ended: Promise<Ended>;
  said(text: string): Promise<void>;
} {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', command, ...args], {
    env: { ...process.env, DATA_DIR: join(folder, 'data') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', (data: Buffer) => (text += data.toString()));
  child.stderr.on('data', (data: Buffer) => (text += data.toString()));
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, text }));
  const said = (part: string) =>
    vi.waitFor(() => expect(text).toContain(part), { timeout: 30_000, interval: 5 });
  return { child, ended, said };
}

const run = (...args: readonly string[]): Promise<Ended> => start(args).ended;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rackhaus-store-command-'));
  source = join(folder, 'source.sqlite');
  const store = new EmbeddedStore({ file: source, log: () => undefined });
  await store.start();
  const begin = Date.now() - 2 * 24 * 60 * minute;
  for (let device = 1; device <= 40; device++)
    await store.write(
      batchOf(
        store.entities,
        Array.from({ length: 2000 }, (_, i) => ({
          deviceId: device,
          kind: 'port' as const,
          entity: '1/1/1',
          time: begin + i * minute,
          values: { rx: (i * device) % 977, tx: i % 13, oper: 1 },
        })),
      ),
    );
  await store.close();
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('npm run store', () => {
  it('says what it does not understand, with exit code 2', async () => {
    const place = `embedded:${source}`;
    for (const [args, message] of [
      [[], 'what is to be done is missing'],
      [['push'], '"push" is not known'],
      [['move', '--to', place], '--from is missing'],
      [['move', '--from', place], '--to is missing'],
      [['move', '--from', place, '--to', 'oracle:x'], '--to oracle:x: must be one of embedded:FILE'],
      [['move', '--from', place, '--to', place], '--from and --to are the same'],
      [['move', '--from', 'embedded:/nowhere/x', '--to', place], 'there is no such file'],
      [['move', '--from', place, '--to', `${place}2`, '--since', 'soon'], '--since soon: must be a past day'],
    ] as const) {
      const { code, text } = await run(...args);
      expect(text).toContain(message);
      expect(code, text).toBe(2);
    }
  });

  it('moves all, compares it, and leaves no note of it', async () => {
    const target = join(folder, 'whole.sqlite');
    const state = join(folder, 'whole.json');
    const { code, text } = await run(
      ...['move', '--from', `embedded:${source}`, '--to', `embedded:${target}`, '--state', state],
    );
    expect(text).toContain('240,000 values moved; comparing a sample');
    expect(text).toContain('40 entities with 240,000 values compared: all there');
    expect(code, text).toBe(0);
    expect(existsSync(state)).toBe(false);
    expect((await run('check', target)).code).toBe(0);
  });

  it('interrupted, says so with exit code 130, and goes on from there', async () => {
    const target = join(folder, 'twice.sqlite');
    const state = join(folder, 'twice.json');
    const args = ['move', '--from', `embedded:${source}`, '--to', `embedded:${target}`, '--state', state];
    const first = start(args);
    await first.said(' -> embedded:');
    first.child.kill('SIGINT');
    const { code, text } = await first.ended;
    expect(text).toContain('interrupted. What is moved so far stays; the same command goes on from here.');
    expect(code).toBe(130);
    const other = await run(
      ...['move', '--from', `embedded:${source}`, '--to', `embedded:${target}x`, '--state', state],
    );
    expect(other.text).toContain('is of a move from');
    expect(other.code).toBe(2);
    expect(JSON.parse(await readFile(state, 'utf8'))).toMatchObject({ from: `embedded:${source}` });
    const second = await run(...args);
    expect(second.text).toContain('going on where an earlier run got to');
    expect(second.text).toContain('40 entities with 240,000 values compared: all there');
    expect(second.code).toBe(0);
  });

  it('says what to do about a note that cannot be read, and about a target that is not there', async () => {
    const state = join(folder, 'broken.json');
    await writeFile(state, '{"from"');
    const from = `embedded:${source}`;
    const broken = await run('move', '--from', from, '--to', `${from}3`, '--state', state);
    expect(broken.text).toContain(`${state} cannot be read`);
    expect(broken.code).toBe(2);
    const away = await run(
      ...['move', '--from', from, '--to', 'victoria:http://127.0.0.1:9', '--state', `${state}2`],
    );
    expect(away.text).toContain('VictoriaMetrics');
    expect(away.code).toBe(1);
  });
});
