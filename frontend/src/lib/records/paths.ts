import { RecordKind } from '@rackhaus/config/contract';

/** Kinds with a list of their own below /inventory. */
export const listedKinds = [
  'device',
  'port',
  'outlet',
  'link',
  'site',
  'building',
  'floor',
  'room',
  'rack',
  'device-type',
  'address',
  'prefix',
  'vlan',
  'vrf',
  'monitoring',
  'check',
  'contract',
  'spare-part',
  'service',
  'label-scheme',
] as const satisfies readonly RecordKind[];
export type ListedKind = (typeof listedKinds)[number];

/** Whether a word, of an address for example, is a kind that has a list. */
export function isListed(kind: string): kind is ListedKind {
  return listedKinds.some((listed) => listed === kind);
}

/** The page of an object, or its list with it open; undefined for what has neither. */
export function pathOf(kind: string, id: number): string | undefined {
  const parsed = RecordKind.safeParse(kind);
  if (!parsed.success) return undefined;
  switch (parsed.data) {
    case 'device':
      return `/devices/${id}`;
    case 'room':
      return `/rooms/${id}`;
    case 'device-type':
      return `/types/${id}`;
    case 'rack':
      return `/racks/${id}`;
    default:
      return isListed(parsed.data) ? `/inventory/${parsed.data}?open=${id}` : undefined;
  }
}
