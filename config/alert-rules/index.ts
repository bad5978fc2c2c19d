export { alertRulesFolder, loadAlertRules, loadRuleGroups } from './load.ts';
export { loadScenarios, type Scenario } from './scenarios.ts';
export { AlertRule, kindsOf, type RuleFamily, ruleFamilies } from './schema.ts';
export { inOrder, type Limit, limitOf, type When, withLimit } from './when.ts';
