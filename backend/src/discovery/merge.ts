import type { FoundByAgent } from '@rackhaus/config/contract';

/** A found device as far as it tells whether another answer is of the same. */
export interface SameCandidate {
  readonly id: number;
  readonly address: string;
  readonly addresses: readonly string[];
  readonly serial: string | null;
  readonly engineId: string | null;
  readonly objectId: string | null;
  readonly name: string | null;
}

/** Some devices all have the same: nothing, zeros, "0123456789". */
export function realSerial(serial: string | null): string | null {
  const plain = serial?.trim() ?? '';
  if (plain.length < 4 || /^(.)\1*$/.test(plain)) return null;
  return /^(0?123456789.*|none|unknown|n\/?a|not (available|specified)|default( string)?|to be filled.*|system serial number)$/i.test(
    plain,
  )
    ? null
    : plain;
}

/**
 * Which of these devices, found before, has answered now. The same address is the same device, also where another one has taken its
 * place. At another address it has to say so itself: by its own addresses, or by serial number, engine, kind and name all alike, since
 * makers sell devices that share one or the other.
 */
export function sameDevice(
  candidates: readonly SameCandidate[],
  { address, said }: Pick<FoundByAgent, 'address' | 'said'>,
): SameCandidate | null {
  const there = candidates.find((each) => each.address === address);
  if (there !== undefined && said === null) return there;
  if (said !== null) {
    const serial = realSerial(said.identity.serial);
    const other = candidates.find((each) => {
      if (each.address === address) return false;
      const kin = each.objectId === said.identity.objectId && each.name === said.identity.name;
      if (!kin || each.serial !== serial) return false;
      if (each.engineId !== null && said.engineId !== null && each.engineId !== said.engineId) return false;
      if (each.addresses.includes(address) && said.addresses.includes(each.address)) return true;
      return serial !== null && each.engineId !== null && each.engineId === said.engineId;
    });
    if (other !== undefined) return other;
  }
  return there ?? candidates.find((each) => said === null && each.addresses.includes(address)) ?? null;
}
