import { z } from 'zod';

/** VLANs as text: numbers and ranges in order, `1,10-20,4000`. Empty: none. */
export const VlanRanges = z
  .string()
  .max(20_000)
  .regex(/^(\d{1,4}(-\d{1,4})?(,\d{1,4}(-\d{1,4})?)*)?$/, 'must be VLANs such as 1,10-20');

/** What a port does with VLANs: whose frames leave without a tag (null: none's), and those that leave with one. */
export const PortVlans = z.strictObject({
  untagged: z.int().min(1).max(4094).nullable(),
  tagged: VlanRanges,
});
export type PortVlans = z.infer<typeof PortVlans>;

export const ObservedVlan = z.strictObject({
  id: z.int().min(1).max(4094),
  /** Empty where the device gives it none. */
  name: z.string(),
});
export type ObservedVlan = z.infer<typeof ObservedVlan>;

/** What a part of a device is, coarsely: as ENTITY-MIB's classes, with transceivers for what is plugged into a port. */
export const partClasses = [
  'chassis',
  'stack',
  'module',
  'supply',
  'fan',
  'transceiver',
  'storage',
  'other',
] as const;
export type PartClass = (typeof partClasses)[number];

/** A part of a device that has a model or a serial number of its own. */
export const ObservedPart = z.strictObject({
  class: z.enum(partClasses),
  name: z.string(),
  model: z.string().nullable(),
  serial: z.string().nullable(),
  firmware: z.string().nullable(),
});
export type ObservedPart = z.infer<typeof ObservedPart>;

/** The most parts that are told of a device. */
export const mostParts = 1000;

/** VLAN numbers as {@link VlanRanges}; in any order, each may come twice. */
export function vlanRanges(ids: Iterable<number>): string {
  const sorted = [...new Set(ids)].sort((a, b) => a - b);
  const ranges: string[] = [];
  for (let i = 0; i < sorted.length; ) {
    const from = sorted[i] ?? 0;
    let to = from;
    while (sorted[i + 1] === to + 1) {
      to++;
      i++;
    }
    i++;
    ranges.push(from === to ? String(from) : `${from}-${to}`);
  }
  return ranges.join(',');
}

/** The VLAN numbers in {@link VlanRanges}, in order. */
export function vlanIds(ranges: string): number[] {
  if (ranges === '') return [];
  return ranges.split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return Array.from({ length: Math.max(0, Math.min(to, 4094) - from + 1) }, (_, i) => from + i);
  });
}
