import { expect, test } from 'vitest';
import { LiveState } from '../monitoring/live-state.ts';
import { RuleBook } from '../rules/rule-book.ts';
import { Views } from './views.ts';

test('the overview says that the inventory has changed, so that lists and the navigation load it again', () => {
  let revision = 7;
  const views = new Views({
    live: new LiveState({ rules: new RuleBook([]), now: Date.now }),
    overview: () => [],
    revision: () => revision,
  });
  expect(views.all('overview', null)).toEqual([{ type: 'inventory', view: 'overview', revision: 7 }]);
  revision++;
  expect(views.overview(null)).toEqual([{ type: 'inventory', view: 'overview', revision: 8 }]);
});
