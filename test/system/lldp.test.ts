import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLldpd } from '../harness/lldpd.ts';
import { createNamespace, joinByCable, type Namespace } from '../harness/namespace.ts';
import { probe } from '../harness/probe.ts';
import type { StartedProcess } from '../harness/process.ts';
import { startSnmpd } from '../harness/snmpd.ts';

describe('two hosts with lldpd, joined by a cable', () => {
  const namespaces: Namespace[] = [];
  const processes: StartedProcess[] = [];

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rackhaus-lldp-'));
    const left = createNamespace('left');
    const right = createNamespace('right');
    namespaces.push(left, right);
    joinByCable(left, 'uplink', right, 'eth7');
    for (const [namespace, side] of [
      [left, 'left'],
      [right, 'right'],
    ] as const) {
      const agentxSocket = join(folder, side);
      processes.push(await startSnmpd({ port: 1161, namespace, agentxSocket }));
      processes.push(await startLldpd({ namespace, agentxSocket, description: `host on the ${side}` }));
    }
  });

  afterAll(async () => {
    for (const process of processes.reverse()) await process.stop();
    for (const namespace of namespaces) namespace.remove();
  });

  it.each([
    [0, 'uplink', 'eth7'],
    [1, 'eth7', 'uplink'],
  ])('host %i sees its neighbour', async (index, localPort, remotePort) => {
    const prefix = namespaces[index]?.prefix ?? [];
    await expect
      .poll(
        async () =>
          (await probe(['--host', '127.0.0.1', '--port', '1161', '--community', 'public', '--once'], prefix))
            .neighbours,
        { timeout: 40_000, interval: 1_000 },
      )
      .toContainEqual(expect.objectContaining({ localPort, remotePort }));
  });
});
