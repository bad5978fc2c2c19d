export { alertRulesFolder, loadAlertRules } from './load.ts';
export { AlertRule, type When } from './schema.ts';
