import { RecordKind } from '@rackhaus/config/contract';
import { z } from 'zod';

/**
 * Kinds in the order in which they can be written: what is referred to comes first. Credentials come without their secrets,
 * which never leave the installation: they are found by name, not made.
 */
export const exchangeOrder = [
  'site',
  'building',
  'floor',
  'room',
  'rack',
  'document',
  'contract',
  'device-type',
  'device',
  'spare-part',
  'outlet',
  'vrf',
  'vlan',
  'port',
  'port-wire',
  'port-vlan',
  'link',
  'link-end',
  'cable-test',
  'credential',
  'credential-rule',
  'monitoring',
  'prefix',
  'address',
  'service',
  'service-device',
  'service-need',
  'check',
  'floor-plan',
  'plan-mark',
  'label-template',
  'label-scheme',
  'saved-view',
  'attachment',
  'note',
] as const satisfies readonly RecordKind[];
/** Change orders and what is set about alerting stay where they are: they are about this installation's ports and people. */
export type ExchangedKind = (typeof exchangeOrder)[number];

const Given = z.looseObject({ id: z.int() });

/**
 * A whole inventory, or part of one, as records. Ids hold within the file only: they say which record another one refers to.
 * What is there already is recognised by what makes it unique (see natural-keys.ts).
 */
export const ExchangeFile = z.strictObject({
  rackhaus: z.literal(1, 'must be 1: the version of this format'),
  records: z.partialRecord(RecordKind, z.array(Given)),
});
export type ExchangeFile = z.infer<typeof ExchangeFile>;
export type GivenRecord = z.infer<typeof Given>;
