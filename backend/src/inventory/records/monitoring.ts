import type { TableSpec } from '../../history/spec.ts';
import { recordSpec } from './spec.ts';

/** How devices are polled, and with which credentials. */
export const monitoringSpecs: readonly TableSpec[] = [
  recordSpec('monitoring', {
    table: 'device_monitoring',
    searched: ['address'],
    nameOf: (row) => String(row.address),
    scopesOf: (row) => [{ kind: 'device', id: Number(row.device_id) }],
  }),
  recordSpec('credential', {
    table: 'credentials',
    derived: ['sealed'],
    dependents: [
      { kind: 'monitoring', by: 'credential_id', action: 'refuse' },
      { kind: 'credential-rule', by: 'credential_id', action: 'delete' },
    ],
  }),
  recordSpec('credential-rule', {
    table: 'credential_rules',
    nameOf: () => '',
    unique: { one_rule_for_each: ['site_id', 'role'] },
    scopesOf: (row) => [{ kind: 'credential', id: Number(row.credential_id) }],
  }),
];
