import { z } from 'zod';
import * as alerting from './alerting.ts';
import * as around from './around.ts';
import * as cabling from './cabling.ts';
import * as checks from './checks.ts';
import * as devices from './devices.ts';
import { type FieldMeta, fieldMeta } from './fields.ts';
import * as network from './network.ts';
import * as orders from './orders.ts';
import * as places from './places.ts';

export {
  EscalationPlan,
  EscalationTarget,
  Hours,
  limitScopes,
  maintenanceScopes,
  Recurrence,
  RotaLayer,
  RotaPlan,
} from './alerting.ts';
export { subjectKinds } from './around.ts';
export { LaneMap } from './cabling.ts';
export { lifecycles } from './devices.ts';
export { type FieldMeta, fieldMeta } from './fields.ts';
export { addressRoles } from './network.ts';
export {
  type OrderState,
  orderStates,
  PlannedChange,
  PlannedEnd,
  proofs,
  stepDeeds,
  stepStates,
} from './orders.ts';

/** Every kind of record of the inventory and its fields: the one declaration that forms, lists, API and import work with. */
export const recordFields = {
  site: places.SiteFields,
  building: places.BuildingFields,
  floor: places.FloorFields,
  room: places.RoomFields,
  rack: places.RackFields,
  'device-type': devices.DeviceTypeFields,
  device: devices.DeviceFields,
  contract: devices.ContractFields,
  'spare-part': devices.SparePartFields,
  outlet: devices.OutletFields,
  port: devices.PortFields,
  'port-wire': devices.PortWireFields,
  link: cabling.LinkFields,
  'link-end': cabling.LinkEndFields,
  'cable-test': cabling.CableTestFields,
  'label-scheme': cabling.LabelSchemeFields,
  order: orders.OrderFields,
  'order-item': orders.OrderItemFields,
  'order-step': orders.OrderStepFields,
  monitoring: devices.MonitoringFields,
  credential: devices.CredentialFields,
  'credential-rule': devices.CredentialRuleFields,
  vrf: network.VrfFields,
  vlan: network.VlanFields,
  'port-vlan': network.PortVlanFields,
  prefix: network.PrefixFields,
  address: network.AddressFields,
  document: around.DocumentFields,
  attachment: around.AttachmentFields,
  note: around.NoteFields,
  'saved-view': around.SavedViewFields,
  service: around.ServiceFields,
  'service-device': around.ServiceDeviceFields,
  'service-need': around.ServiceNeedFields,
  check: checks.CheckFields,
  'floor-plan': around.FloorPlanFields,
  'plan-mark': around.PlanMarkFields,
  'label-template': around.LabelTemplateFields,
  'rule-limit': alerting.RuleLimitFields,
  maintenance: alerting.MaintenanceFields,
  rota: alerting.RotaFields,
  'rota-change': alerting.RotaChangeFields,
  escalation: alerting.EscalationFields,
} as const;

export type RecordKind = keyof typeof recordFields;
export const recordKinds = Object.keys(recordFields) as [RecordKind, ...RecordKind[]];
export const RecordKind = z.enum(recordKinds);
export type RecordValues<K extends RecordKind> = z.output<(typeof recordFields)[K]>;
/** A record as the API gives it. `version` is the number of the change that last touched it: the ETag, and what If-Match names. */
export type InventoryRecord<K extends RecordKind = RecordKind> = RecordValues<K> & {
  readonly id: number;
  readonly version: number;
};

/** The fields of a kind in their order, by name. */
export function fieldsOf(
  kind: RecordKind,
): ReadonlyMap<string, { readonly schema: z.ZodType; readonly meta: FieldMeta }> {
  return new Map(
    Object.entries(recordFields[kind].shape).map(([name, schema]) => [
      name,
      { schema, meta: fieldMeta(schema) },
    ]),
  );
}

/** Values of a new record: what is not named has its initial value; what has none must be named. */
export function newRecord(kind: RecordKind): z.ZodType<Record<string, unknown>> {
  return z.strictObject(
    Object.fromEntries(
      [...fieldsOf(kind)].map(([name, { schema, meta }]) => [
        name,
        'initial' in meta
          ? schema.optional().transform((value) => (value === undefined ? meta.initial : value))
          : schema,
      ]),
    ),
  );
}

/** Values to change: only what is named, and nothing that is fixed. */
export function recordPatch(kind: RecordKind): z.ZodType<Record<string, unknown>> {
  return z.strictObject(
    Object.fromEntries(
      [...fieldsOf(kind)]
        .filter(([, { meta }]) => meta.fixed !== true)
        .map(([name, { schema }]) => [name, schema.optional()]),
    ),
  );
}

/** A record in a reply. */
export function recordReply(kind: RecordKind) {
  return z.strictObject({
    id: z.int(),
    version: z.int(),
    ...Object.fromEntries([...fieldsOf(kind)].map(([name, { schema }]) => [name, schema])),
  });
}
