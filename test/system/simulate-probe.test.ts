import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ProbeResult } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, root, type StartedProcess, startProcess, until } from '../harness/process.ts';

// A small switch with two ports, one of them without a cable, in the form that snmpsim writes.
const recording = `1.3.6.1.2.1.1.1.0|4|Linux kleiner-switch 5.10.0 armv7l
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.8072.3.2.10
1.3.6.1.2.1.1.3.0|67|123456700
1.3.6.1.2.1.1.5.0|4x|6b6c65696e6572
1.3.6.1.2.1.2.2.1.1.1|2|1
1.3.6.1.2.1.2.2.1.1.2|2|2
1.3.6.1.2.1.2.2.1.2.1|4|eth0
1.3.6.1.2.1.2.2.1.2.2|4|eth1
1.3.6.1.2.1.2.2.1.3.1|2|6
1.3.6.1.2.1.2.2.1.3.2|2|6
1.3.6.1.2.1.2.2.1.6.1|4x|02005e000001
1.3.6.1.2.1.2.2.1.6.2|4x|02005e000002
1.3.6.1.2.1.2.2.1.7.1|2|1
1.3.6.1.2.1.2.2.1.7.2|2|1
1.3.6.1.2.1.2.2.1.8.1|2|1
1.3.6.1.2.1.2.2.1.8.2|2|2
1.3.6.1.2.1.31.1.1.1.1.1|4|eth0
1.3.6.1.2.1.31.1.1.1.1.2|4|eth1
1.3.6.1.2.1.31.1.1.1.6.1|70|1000
1.3.6.1.2.1.31.1.1.1.6.2|70|0
1.3.6.1.2.1.31.1.1.1.15.1|66|1000
1.3.6.1.2.1.31.1.1.1.15.2|66|0
`;

describe('the commands of the README, on a recording', () => {
  let port: number;
  let simulator: StartedProcess;

  beforeAll(async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'rackhaus-recording-')), 'kleiner-switch.snmprec');
    writeFileSync(file, recording);
    port = await freePort();
    simulator = await startProcess({
      name: 'simulate',
      command: 'npm',
      args: ['run', '--silent', 'simulate', '--', file, '--port', String(port)],
      ready: /^ready/,
    });
  });

  afterAll(() => simulator?.stop());

  const probe = (...args: string[]) =>
    promisify(execFile)(
      'npm',
      ['run', '--silent', 'probe', '--', '--host', '127.0.0.1', '--port', String(port), ...args],
      {
        cwd: root,
        encoding: 'utf8',
      },
    );

  it('simulate says where it answers', () => {
    expect(simulator.readyLine).toBe(`ready udp://127.0.0.1:${port}`);
  });

  it('probe prints what it sees as JSON and nothing besides', async () => {
    const { stdout, stderr } = await probe('--community', 'public', '--json');
    const result = ProbeResult.parse(JSON.parse(stdout));
    expect(stderr).toBe('');
    expect(result).toMatchObject({ profile: 'linux', os: 'linux', firmware: '5.10.0' });
    expect(result.uptimeSeconds).toBe(1_234_567);
    expect(result.ports).toMatchObject([
      { name: 'eth0', ifIndex: 1, oper: 'up', admin: 'up', speed: 1e9, mac: '02:00:5e:00:00:01' },
      { name: 'eth1', ifIndex: 2, oper: 'down', admin: 'up' },
    ]);
  });

  it('probe prints the same for people', async () => {
    const { stdout } = await probe();
    expect(stdout).toContain('eth0');
    expect(stdout).toContain('eth1');
  });

  it('probe ends with 1 and says why when nothing answers', async () => {
    await expect(probe('--community', 'wrong', '--json')).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/\S/),
    });
  });

  it('simulate ends together with npm', async () => {
    await simulator.stop('SIGTERM');
    await until('its port to be free', () => canBind(port));
  });
});

function canBind(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(undefined));
    socket.bind(port, '127.0.0.1', () => socket.close(() => resolve(true)));
  });
}
