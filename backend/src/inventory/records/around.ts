import { RecordKind } from '@rackhaus/config/contract';
import type { Row, Scope, TableSpec } from '../../history/spec.ts';
import { prepareMarks, preparePlans } from '../plans/rules.ts';
import { prepareNeeds } from '../services/rules.ts';
import { recordSpec } from './spec.ts';
import { about, subjectOf } from './subjects.ts';

const isKind = (kind: string): kind is RecordKind => RecordKind.safeParse(kind).success;
const subject = subjectOf(isKind);
const one =
  (kind: Scope['kind'], column: string) =>
  (row: Row): Scope[] =>
    typeof row[column] === 'number' ? [{ kind, id: row[column] }] : [];

/** Documents, notes, saved views, services, floor plans and templates: what hangs around devices and places. */
export const aroundSpecs: readonly TableSpec[] = [
  recordSpec('document', {
    table: 'documents',
    nameOf: (row) => String(row.hash).slice(0, 12),
    dependents: [
      { kind: 'attachment', by: 'document_id', action: 'refuse' },
      { kind: 'floor-plan', by: 'document_id', action: 'refuse' },
      { kind: 'device-type', by: 'front_image_id', action: 'refuse' },
      { kind: 'device-type', by: 'rear_image_id', action: 'refuse' },
    ],
  }),
  recordSpec('attachment', { table: 'attachments', scopesOf: subject }),
  recordSpec('note', {
    table: 'notes',
    nameOf: (row) => shortened(String(row.text ?? '')),
    scopesOf: subject,
  }),
  recordSpec('saved-view', { table: 'saved_views' }),
  recordSpec('service', {
    table: 'services',
    searched: ['name', 'person_in_charge', 'address'],
    dependents: [
      { kind: 'service-device', by: 'service_id', action: 'delete' },
      { kind: 'service-need', by: 'service_id', action: 'delete' },
      { kind: 'check', by: 'service_id', action: 'clear' },
      { kind: 'service-need', by: 'needs_id', action: 'delete' },
      { kind: 'maintenance', by: 'service_id', action: 'delete' },
      ...about('service'),
    ],
  }),
  recordSpec('service-device', {
    table: 'service_devices',
    nameOf: () => '',
    scopesOf: (row) => [...one('service', 'service_id')(row), ...one('device', 'device_id')(row)],
  }),
  recordSpec('service-need', {
    table: 'service_needs',
    nameOf: () => '',
    prepare: prepareNeeds,
    scopesOf: (row) => [...one('service', 'service_id')(row), ...one('service', 'needs_id')(row)],
  }),
  recordSpec('floor-plan', {
    table: 'floor_plans',
    prepare: preparePlans,
    scopesOf: one('floor', 'floor_id'),
    dependents: [{ kind: 'plan-mark', by: 'plan_id', action: 'delete' }, ...about('floor-plan')],
  }),
  recordSpec('plan-mark', {
    table: 'plan_marks',
    nameOf: () => '',
    prepare: prepareMarks,
    scopesOf: one('floor-plan', 'plan_id'),
  }),
  recordSpec('label-template', { table: 'label_templates' }),
];

/** The beginning of a text, as a name for it. */
function shortened(text: string): string {
  const [line = ''] = text.split('\n');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
