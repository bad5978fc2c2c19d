import { describe, expect, it } from 'vitest';
import { Probes } from './probes.ts';

const question = { address: '10.0.0.1', port: 161, credentials: { version: '2c', community: 'x' } } as const;
const answer = { outcome: 'silent', ms: null, pings: null, identity: null, detail: null } as const;

describe('probes', () => {
  it('are handed to their agent once, and answered by nobody else', async () => {
    const probes = new Probes();
    let added = 0;
    probes.onAdded(() => added++);
    const asked = probes.ask(1, question);
    expect(added).toBe(1);
    expect(probes.has(2)).toBe(false);
    expect(probes.take(2)).toEqual([]);
    const [job] = probes.take(1);
    expect(job).toMatchObject(question);
    expect(probes.has(1)).toBe(false);
    expect(probes.take(1)).toEqual([]);
    probes.answer(2, { id: job?.id ?? '', ...answer, outcome: 'answers' });
    probes.answer(1, { id: job?.id ?? '', ...answer });
    expect(await asked).toMatchObject({ outcome: 'silent' });
  });

  it('end without an answer when no agent takes them, or when the program ends', async () => {
    expect(await new Probes({ patienceMs: 10 }).ask(1, question)).toBeNull();
    const probes = new Probes();
    const asked = probes.ask(1, question);
    probes.stop();
    expect(await asked).toBeNull();
  });

  it('are not piled up without end', () => {
    const probes = new Probes({ patienceMs: 10 });
    for (let n = 0; n < 50; n++) void probes.ask(1, question);
    expect(() => probes.ask(1, question)).toThrow(/many devices/);
    probes.stop();
  });
});
