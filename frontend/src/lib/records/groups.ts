import { fieldsOf, type RecordKind } from '@rackhaus/config/contract';
import { m } from '../paraglide/messages.js';
import { titleFields } from './record-title.ts';

const groupOrder = ['identity', 'place', 'technical', 'purchase', 'notes'] as const;
type Group = (typeof groupOrder)[number];

const titles: Readonly<Record<Group, () => string>> = {
  identity: m.record_group_identity,
  place: m.record_group_place,
  technical: m.record_group_technical,
  purchase: m.record_group_purchase,
  notes: m.record_group_notes,
};

const groupOf: Readonly<Record<string, Group>> = {
  siteId: 'place',
  buildingId: 'place',
  floorId: 'place',
  roomId: 'place',
  rackId: 'place',
  position: 'place',
  face: 'place',
  side: 'place',
  place: 'place',
  heightU: 'technical',
  depthMm: 'technical',
  maxWeightKg: 'technical',
  maxPowerW: 'technical',
  mac: 'technical',
  untaggedVlanId: 'technical',
  rank: 'technical',
  twoSided: 'technical',
  lanes: 'technical',
  rearPortId: 'technical',
  rearLane: 'technical',
  supplier: 'purchase',
  orderNumber: 'purchase',
  contractId: 'purchase',
  purchasedOn: 'purchase',
  warrantyUntil: 'purchase',
  supportUntil: 'purchase',
  costCents: 'purchase',
  notes: 'notes',
};

/** Fields that other pages edit, or that mean nothing in a form: pictures, drawings, what a type says. */
const notInForms: ReadonlySet<string> = new Set([
  'device-type.definition',
  'check.settings',
  'device-type.frontImageId',
  'device-type.rearImageId',
  'floor-plan.documentId',
  'floor-plan.width',
  'floor-plan.height',
  'plan-mark.points',
  'saved-view.query',
  'note.author',
  'note.time',
]);

/** Kinds in which a reference says what the record is about, not where it is. */
const placeless: ReadonlySet<string> = new Set(['vlan', 'prefix', 'address', 'credential-rule']);

/** The fields of a kind's form in the order of the declaration. */
export function formFields(kind: RecordKind): string[] {
  return [...fieldsOf(kind)]
    .filter(([name, { meta }]) => !notInForms.has(`${kind}.${name}`) && meta.type !== 'time')
    .map(([name]) => name);
}

export interface FieldGroup {
  readonly id: Group;
  readonly title: string;
  readonly fields: readonly string[];
}

/** Fields in groups with a heading; the first field of a place stands with the rest of it. */
export function fieldGroups(kind: RecordKind, fields: readonly string[] = formFields(kind)): FieldGroup[] {
  const of = (field: string): Group => {
    const group = groupOf[field] ?? 'identity';
    return group === 'place' && placeless.has(kind) ? 'identity' : group;
  };
  // What names a record comes first, whatever it belongs to.
  const ordered = [
    ...titleFields.filter((field) => fields.includes(field)),
    ...fields.filter((field) => !titleFields.includes(field)),
  ];
  return groupOrder
    .map((id) => ({ id, title: titles[id](), fields: ordered.filter((field) => of(field) === id) }))
    .filter((group) => group.fields.length > 0);
}
