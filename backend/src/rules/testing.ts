// What the figure of evaluation is measured with.
export { LiveState } from '../monitoring/live-state.ts';
export { testDevice } from '../monitoring/testing.ts';
export { RuleBook } from './rule-book.ts';
