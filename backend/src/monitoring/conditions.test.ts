import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAlertRules } from '@rackhaus/config/alert-rules';
import type { Reading } from '@rackhaus/config/contract';
import { expect, it } from 'vitest';
import { openDatabase } from '../database/open.ts';
import { RuleBook } from '../rules/rule-book.ts';
import { AgentWatch } from './agent-watch.ts';
import { Conditions } from './conditions.ts';
import { LiveState } from './live-state.ts';
import { heard, tell, testDevice } from './testing.ts';

it('shows an open door at once, and has people told when it stays open', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rackhaus-conditions-'));
  const db = await openDatabase(join(folder, 'rackhaus.db'));
  try {
    let now = 1_800_000_000_000;
    const rules = new RuleBook(await loadAlertRules());
    const live = new LiveState({ rules, now: () => now });
    const agents = new AgentWatch({ db, rules, now: () => now });
    const conditions = new Conditions({ live, agents, rules });
    live.setDevices([testDevice(1)]);
    const read = () => {
      const door: Reading = { deviceId: 1, kind: 'sensor', entity: 'Tür', time: now, values: { door: 1 } };
      const water: Reading = {
        deviceId: 1,
        kind: 'sensor',
        entity: 'Boden',
        time: now,
        values: { water: 1 },
      };
      tell(live, [heard(1, now), door, water]);
    };
    read();
    expect(conditions.all().map(({ rule }) => rule)).toEqual(['water', 'door-open']);
    expect(conditions.of(1).map(({ rule }) => rule)).toEqual(['water']);
    now += 5 * 60_000;
    read();
    expect(conditions.of(1).map(({ rule }) => rule)).toEqual(['water', 'door-open']);
    expect(conditions.of(1)).toBe(live.devices.get(1)?.conditions);
  } finally {
    await db.destroy();
    await rm(folder, { recursive: true });
  }
});
