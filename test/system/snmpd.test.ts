import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addPorts, createNamespace, type Namespace } from '../harness/namespace.ts';
import { probe, runProbe } from '../harness/probe.ts';
import type { StartedProcess } from '../harness/process.ts';
import { startSnmpd } from '../harness/snmpd.ts';

const v3User = { name: 'rackhaus', authKey: 'auth-key-of-test', privKey: 'priv-key-of-test' };
const target = ['--host', '127.0.0.1', '--port', '1161'];
const v3 = [
  '--v3-user',
  v3User.name,
  '--v3-auth',
  'sha256',
  '--v3-auth-key',
  v3User.authKey,
  '--v3-priv',
  'aes',
  '--v3-priv-key',
  v3User.privKey,
];

describe('a real snmpd with 48 Ethernet ports', () => {
  let namespace: Namespace;
  let snmpd: StartedProcess;

  beforeAll(async () => {
    namespace = createNamespace('switch');
    addPorts(namespace, 48);
    snmpd = await startSnmpd({ port: 1161, namespace, v3User });
  });

  afterAll(async () => {
    await snmpd?.stop();
    namespace?.remove();
  });

  it('shows every port over v2c', async () => {
    const result = await probe([...target, '--community', 'public'], namespace.prefix);
    const ports = result.ports.filter((port) => /^p\d+$/.test(port.name));
    expect(ports).toHaveLength(48);
    expect(ports.map((port) => port.name).sort()).toEqual(
      Array.from({ length: 48 }, (_, n) => `p${n + 1}`).sort(),
    );
    expect(ports.every((port) => port.oper === 'up' && port.admin === 'up')).toBe(true);
    // veth says 10 Gbit/s.
    expect(ports.every((port) => port.speed === 10_000_000_000)).toBe(true);
    expect(result.uptimeSeconds).toBeGreaterThanOrEqual(0);
    expect(result.os).toMatch(/linux/i);
  });

  it('shows the same over v3 with SHA-256 and AES', async () => {
    const result = await probe([...target, ...v3], namespace.prefix);
    expect(result.ports.filter((port) => /^p\d+$/.test(port.name))).toHaveLength(48);
  });

  it('sees a port go down and come back', async () => {
    const portState = async (name: string) => {
      const result = await probe([...target, '--community', 'public', '--once'], namespace.prefix);
      return result.ports.find((port) => port.name === name);
    };
    // snmpd keeps its interface table for a few seconds: ask until it has looked again.
    namespace.ip('link', 'set', 'p7', 'down');
    await expect
      .poll(async () => (await portState('p7'))?.admin, { timeout: 30_000, interval: 500 })
      .toBe('down');
    expect((await portState('p7'))?.oper).not.toBe('up');
    namespace.ip('link', 'set', 'p7', 'up');
    await expect
      .poll(async () => (await portState('p7'))?.oper, { timeout: 30_000, interval: 500 })
      .toBe('up');
  });

  it('measures traffic', async () => {
    // A flood over the veth pair p1-p2 would need addresses; neighbour discovery of IPv6 sends enough to be seen as a rate.
    const result = await probe([...target, '--community', 'public'], namespace.prefix);
    const port = result.ports.find((each) => each.name === 'p1');
    expect(typeof port?.rx).toBe('number');
    expect(Number(port?.rx)).toBeGreaterThanOrEqual(0);
  });

  it('says what is wrong when nothing answers', async () => {
    await expect(
      runProbe([...target, '--community', 'wrong', '--json'], namespace.prefix),
    ).rejects.toMatchObject({ code: 1 });
    await expect(runProbe([...target, '--v3-user', 'nobody'], namespace.prefix)).rejects.toMatchObject({
      code: 1,
    });
  });
});
