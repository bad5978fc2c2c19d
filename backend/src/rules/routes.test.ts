import { RuleList, RulePreview } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../testing/client.ts';
import { startTestBackend, type TestBackend } from '../testing/test-backend.ts';

let backend: TestBackend;
let admin: Client;
beforeAll(async () => {
  backend = await startTestBackend();
  admin = await backend.administrator();
});
afterAll(() => backend.remove());

const set = (limit: Record<string, unknown>) => admin.post('/api/inventory/rule-limit', limit);
const rule = async (id: string) => {
  const list = RuleList.parse((await admin.get('/api/alert-rules')).json);
  return list.rules.find((one) => one.id === id);
};

describe('rules', () => {
  it('are shown with what they look for and the number that can be set', async () => {
    expect(await rule('room-warm')).toMatchObject({
      group: 'environment',
      kind: 'sensor',
      when: { de: 'über 27 °C', en: 'above 27 °C' },
      limit: { value: 27, clear: 26, direction: 'above', unit: '°C', decimals: 1 },
      roles: ['sensor'],
      enabled: true,
      active: 0,
      recent: 0,
      limits: [],
    });
    expect(await rule('water')).toMatchObject({ limit: null, when: { de: 'nass', en: 'wet' } });
    expect(await rule('cpu-busy')).toMatchObject({ forSeconds: 900, when: { de: 'über 95 %, 15 min lang' } });
  });

  it('show what has been set about them', async () => {
    const made = await set({
      ruleId: 'room-warm',
      scope: 'all',
      limit: 30,
      forSeconds: 120,
      reason: 'Sommer',
    });
    expect(made.status).toBe(200);
    await expect
      .poll(async () => (await rule('room-warm'))?.limits)
      .toMatchObject([{ scope: 'all', limit: 30, clear: null, forSeconds: 120, reason: 'Sommer' }]);
    expect((await rule('room-warm'))?.when.de).toBe('über 30 °C, 2 min lang');
    await set({ ruleId: 'storage-full', scope: 'role', role: 'server', enabled: false });
    await expect
      .poll(async () => (await rule('storage-full'))?.limits)
      .toMatchObject([{ scope: 'role', role: 'server', enabled: false, name: 'server' }]);
  });

  it.each<[string, Record<string, unknown>, string, RegExp]>([
    ['a rule that is none', { ruleId: 'nothing' }, 'ruleId', /no rule "nothing"/],
    [
      'a site that is not named',
      { ruleId: 'room-hot', scope: 'site' },
      'siteId',
      /needed for the scope "site"/,
    ],
    ['a role too much', { ruleId: 'room-hot', scope: 'all', role: 'sensor' }, 'role', /must be empty/],
    ['a number where there is none', { ruleId: 'water', limit: 1 }, 'limit', /no number that can be set/],
    [
      'an end beyond the limit',
      { ruleId: 'room-hot', limit: 30, clear: 33 },
      'clear',
      /at most the limit, 30/,
    ],
    [
      'an end beyond the rule’s own limit',
      { ruleId: 'ups-overload', clear: 0.95 },
      'clear',
      /at most .* 0\.9/,
    ],
    ['what can never be', { ruleId: 'storage-full', limit: 95 }, 'limit', /between 0 and 1/],
    [
      'a role for agents',
      { ruleId: 'agent-silent', scope: 'role', role: 'server' },
      'scope',
      /must be "all"/,
    ],
  ])('refuse %s', async (_, limit, path, message) => {
    const refused = await set(limit);
    expect(refused.status).toBe(400);
    expect(refused.json).toMatchObject({ fields: [{ path, message: expect.stringMatching(message) }] });
  });

  it('can be looked at in the past, by who may work with them', async () => {
    const answer = await admin.post('/api/alert-rules/room-warm/preview', { days: 2, limit: 25 });
    expect(RulePreview.parse(answer.json)).toMatchObject({ times: 0, timesNow: 0, entities: 0, leftOut: 0 });
    expect((await admin.post('/api/alert-rules/nothing/preview', {})).status).toBe(404);
    expect((await admin.post('/api/alert-rules/agent-silent/preview', {})).status).toBe(400);
    const viewer = await backend.signedIn('viewer');
    expect((await viewer.get('/api/alert-rules')).status).toBe(200);
    expect((await viewer.post('/api/alert-rules/room-warm/preview', {})).status).toBe(403);
  });
});
