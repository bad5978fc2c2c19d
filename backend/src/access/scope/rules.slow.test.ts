import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { agentHeaders, formatLines, RuleList, RulePreview } from '@rackhaus/config/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Client } from '../../testing/client.ts';
import { startTestBackend, type TestBackend } from '../../testing/test-backend.ts';
import { marker } from './testing.ts';
import { makeTwoSites, type TwoSites } from './two-sites.ts';

let backend: TestBackend;
let both: TwoSites;
let technician: Client;
let viewer: Client;

beforeAll(async () => {
  backend = await startTestBackend();
  both = await makeTwoSites(backend);
  technician = await both.limited('technician');
  viewer = await both.limited('viewer');
  const token = (await readFile(join(backend.settings.dataDir, 'local-agent.token'), 'utf8')).trim();
  // Both switches are busy for twenty minutes.
  for (let minute = 0; minute < 20; minute++) {
    backend.clock.now += 60_000;
    const readings = [both.north.switchId, both.south.switchId].map((deviceId) => ({
      deviceId,
      kind: 'device' as const,
      entity: '',
      time: backend.clock.now,
      values: { reachable: 1, cpu: 0.99 },
    }));
    const delivered = await fetch(`${backend.url}/api/agent/readings`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'text/plain; charset=utf-8',
        [agentHeaders.outbox]: 'box',
        [agentHeaders.sequence]: `${minute + 1}`,
      },
      body: formatLines(readings),
    });
    expect(delivered.status, await delivered.text()).toBe(204);
  }
  const limits = [
    { scope: 'all', limit: 0.97, reason: `${marker} für alle` },
    { scope: 'site', siteId: both.north.siteId, limit: 0.96, reason: 'Nord' },
    { scope: 'site', siteId: both.south.siteId, limit: 0.94, reason: marker },
    { scope: 'device', deviceId: both.south.switchId, limit: 0.93, reason: marker },
    { scope: 'device', deviceId: both.north.switchId, limit: 0.92, reason: 'Gerät' },
  ];
  for (const limit of limits) {
    const made = await both.admin.post('/api/inventory/rule-limit', { ruleId: 'cpu-busy', ...limit });
    expect(made.status, made.text).toBe(200);
  }
}, 60_000);
afterAll(() => backend.remove());

const ruleFor = async (client: Client) => {
  const answer = await client.get('/api/alert-rules');
  expect(answer.status, answer.text).toBe(200);
  const rule = RuleList.parse(answer.json).rules.find(({ id }) => id === 'cpu-busy');
  return { text: answer.text, rule };
};
const previewFor = async (client: Client, request: object) => {
  const answer = await client.post('/api/alert-rules/cpu-busy/preview', { days: 1, limit: 0.5, ...request });
  return { status: answer.status, text: answer.text, json: answer.json };
};

it('shows rules with what is set for the own site and for all, and how often they hold there', async () => {
  await expect.poll(async () => (await ruleFor(both.admin)).rule?.active).toBe(2);
  const { text, rule } = await ruleFor(technician);
  expect(text).not.toContain(marker);
  expect(rule?.active).toBe(1);
  expect(rule?.limits.map(({ scope, limit, reason }) => [scope, limit, reason])).toEqual([
    ['device', 0.92, 'Gerät'],
    ['site', 0.96, 'Nord'],
    // It holds for them as for everybody; why it was set may tell of elsewhere.
    ['all', 0.97, null],
  ]);
  expect((await ruleFor(both.admin)).rule?.limits).toHaveLength(5);
});

it('tries other numbers on the own devices only', async () => {
  const all = RulePreview.parse((await previewFor(both.admin, {})).json);
  expect(new Set(all.firings.map(({ deviceId }) => deviceId))).toEqual(
    new Set([both.north.switchId, both.south.switchId]),
  );
  const own = await previewFor(technician, {});
  expect(own.status, own.text).toBe(200);
  expect(own.text).not.toContain(marker);
  const seen = RulePreview.parse(own.json);
  expect(seen).toMatchObject({ entities: 1, times: 1, leftOut: 0 });
  expect(seen.firings.map(({ deviceId }) => deviceId)).toEqual([both.north.switchId]);
  const here = await previewFor(technician, { scope: 'site', siteId: both.north.siteId });
  expect(RulePreview.parse(here.json).times).toBe(1);
});

it('is refused to try them on a site or a device that it is not for', async () => {
  const { siteId, switchId } = both.south;
  for (const request of [
    { scope: 'site', siteId },
    { scope: 'device', deviceId: switchId },
    { scope: 'entity', deviceId: switchId, entity: '1' },
  ])
    expect((await previewFor(technician, request)).status).toBe(403);
  expect((await previewFor(viewer, {})).status).toBe(403);
});
