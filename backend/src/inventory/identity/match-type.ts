import type { Identity } from '@rackhaus/config/contract';

export interface KnownType {
  readonly id: number;
  readonly manufacturer: string;
  readonly model: string;
  readonly part_number: string | null;
}

const plain = (text: string | null) => (text ?? '').toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** Shorter ones are in too many other words. */
const leastLetters = 4;

/**
 * The type that a device says to be: by part number or model in what it calls itself, the longest one that is named. null: none,
 * or several as well.
 */
export function typeSaid(types: readonly KnownType[], identity: Identity): KnownType | null {
  const said = plain(`${identity.vendor ?? ''} ${identity.model ?? ''} ${identity.description ?? ''}`);
  let best: { readonly types: readonly KnownType[]; readonly length: number } = { types: [], length: 0 };
  for (const type of types) {
    const length = Math.max(named(said, type.part_number), named(said, type.model));
    if (length === 0 || length < best.length) continue;
    best = { types: length > best.length ? [type] : [...best.types, type], length };
  }
  return best.types.length === 1 ? (best.types[0] ?? null) : null;
}

/** Whether what the device says can be the documented type, so that there is nothing to offer. */
export function canBe(type: KnownType, identity: Identity): boolean {
  const model = plain(identity.model);
  if (model === '') return true;
  const said = plain(`${identity.model} ${identity.description ?? ''}`);
  const documented = plain(`${type.manufacturer} ${type.model} ${type.part_number ?? ''}`);
  return documented.includes(model) || named(said, type.model) > 0 || named(said, type.part_number) > 0;
}

function named(said: string, name: string | null): number {
  const word = plain(name);
  return word.length >= leastLetters && said.includes(word) ? word.length : 0;
}
