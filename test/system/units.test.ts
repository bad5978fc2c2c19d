import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../harness/process.ts';

// The units for systemd, judged by systemd itself. It need not run for that.

const folder = join(root, 'deploy', 'systemd');
const units = readdirSync(folder).filter((file) => file.endsWith('.service'));
const analyze = '/usr/bin/systemd-analyze';
if (!existsSync(analyze))
  process.stderr.write('SKIPPED: no systemd-analyze (package systemd): the units are not judged.\n');

/** Of 10; below 2 is what systemd calls OK. What is left is the network, the machine code of V8, and the ports below 1024. */
const worstExposure = 2;

describe.skipIf(!existsSync(analyze))('systemd', () => {
  let here: string;
  beforeAll(() => {
    here = mkdtempSync(join(tmpdir(), 'rackhaus-units-'));
    // It looks whether what is started is there.
    for (const unit of units)
      writeFileSync(
        join(here, unit),
        readFileSync(join(folder, unit), 'utf8').replaceAll('/opt/rackhaus', root),
      );
  });
  afterAll(() => rmSync(here, { recursive: true, force: true }));

  it.each(units)('understands every line of %s', (unit) => {
    const { status, stdout, stderr } = spawnSync(analyze, ['verify', '--man=no', join(here, unit)], {
      encoding: 'utf8',
    });
    const about = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('rackhaus'));
    expect(about).toEqual([]);
    expect(status).toBe(0);
  });

  it.each(units)('finds little that %s could do to its machine', (unit) => {
    const { stdout, stderr } = spawnSync(
      analyze,
      ['security', '--offline=true', '--no-pager', join(here, unit)],
      { encoding: 'utf8' },
    );
    const exposure = /Overall exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1];
    expect(exposure, `${stdout}${stderr}`).toBeDefined();
    expect(Number(exposure)).toBeLessThan(worstExposure);
  });
});

it.each(units)('%s starts what there is, not as root, with the secrets of nobody in it', (unit) => {
  const text = readFileSync(join(folder, unit), 'utf8');
  const scripts = [...text.matchAll(/ (\S+\.ts)\b/g)].map((match) => match[1] ?? '');
  expect(scripts).toHaveLength(1);
  for (const script of scripts) expect(existsSync(join(root, script))).toBe(true);
  expect(text).toMatch(/^User=rackhaus(-agent)?$/m);
  expect(text).not.toMatch(/CAP_SYS_ADMIN|CAP_DAC|PASSWORD=|SECRET=|TOKEN=/);
});
