import type { FoundCause } from '../parts.ts';
import { findAgents } from './agents.ts';
import { Drafts, type Known } from './drafts.ts';
import { findIslands } from './islands.ts';
import { findDead, findLinks, findTrunks } from './network.ts';
import { findOnBattery, findSupplies } from './power.ts';
import { look, spread, statesOf } from './sight.ts';

/**
 * Groups what is wrong into as few causes as explain it. Pure. From the widest to the nearest: agents that see nothing, supplies
 * that explain several failures, dead devices next to something reached, what lies behind them, sites and rooms of which no way is
 * documented, cables between devices that run.
 */
export function explain(known: Known): { causes: readonly FoundCause[] } {
  const { picture, input } = known;
  const state = statesOf(picture, input);
  const drafts = new Drafts(known, state);
  findAgents(drafts);
  const onBattery = findOnBattery(drafts);
  const from = input.from.flatMap((id) => picture.site.node(id) ?? []);
  const sight = look(picture, state, from, drafts.owner);
  findSupplies(drafts, sight, onBattery);
  findTrunks(drafts, sight);
  findDead(drafts, sight);
  spread(picture, sight, drafts.owner);
  findIslands(drafts);
  findLinks(drafts);
  return drafts.finish();
}
