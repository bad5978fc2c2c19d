import type { InventoryFile } from '@rackhaus/config/inventory-file';

/** VLANs and the addresses in them, as documented. */
export interface Networks {
  /** All that are documented, and that of ports that none is documented for. */
  readonly vlans: ReadonlySet<number>;
  /** VLAN that a port carries without a tag, by {@link portKey}. */
  readonly untagged: ReadonlyMap<string, number>;
  /** First three bytes of the IPv4 addresses of computers and telephones at workplaces; null where nothing is documented. */
  readonly computers: readonly number[] | null;
  readonly telephones: readonly number[] | null;
  /** VLAN of the documented network that an IPv4 address lies in. */
  readonly vlanOf: (address: string) => number | null;
  /** VLAN of telephones, which they tag themselves; null where there is none: they are in the port's then. */
  readonly telephoneVlan: number | null;
}

/** VLAN of a port that none is documented for: that of switches as they come. */
export const defaultVlan = 1;

/** Which VLAN is whose follows from what is documented: telephones by its name, workplaces by the number of ports. */
export function buildNetworks(inventory: InventoryFile): Networks {
  const vlans = new Set([
    defaultVlan,
    ...inventory.vlans.map((vlan) => vlan.vid),
    ...inventory.prefixes.flatMap(({ vlan }) => vlan ?? []),
  ]);
  const untagged = new Map<string, number>();
  for (const vlan of inventory.vlans) for (const port of vlan.untagged) untagged.set(port, vlan.vid);
  const telephoneVlan =
    inventory.vlans.find((vlan) => /telef|phone|voice|voip/i.test(vlan.name))?.vid ?? null;
  const computerVlan = inventory.vlans
    .filter((vlan) => vlan.vid !== telephoneVlan && vlan.untagged.length > 0)
    .sort((a, b) => b.untagged.length - a.untagged.length)[0]?.vid;
  const network = (vid: number | null | undefined): number[] | null => {
    const cidr = inventory.prefixes.find((prefix) => prefix.vlan === vid && prefix.cidr.includes('.'))?.cidr;
    const bytes = cidr?.replace(/\/.*/, '').split('.').map(Number).slice(0, 3);
    return vid === null || vid === undefined || bytes?.length !== 3 ? null : bytes;
  };
  const prefixes = inventory.prefixes
    .flatMap(({ cidr, vlan }) => {
      const [base = '', bits = ''] = cidr.split('/');
      return vlan === undefined || !base.includes('.')
        ? []
        : [{ base: numberOf(base), bits: Number(bits), vlan }];
    })
    .sort((a, b) => b.bits - a.bits);
  const vlanOf = (address: string): number | null => {
    const number = numberOf(address);
    const inside = prefixes.find(
      ({ base, bits }) => Math.floor(number / 2 ** (32 - bits)) === Math.floor(base / 2 ** (32 - bits)),
    );
    return inside?.vlan ?? null;
  };
  return {
    vlans,
    untagged,
    vlanOf,
    telephoneVlan,
    computers: network(computerVlan),
    telephones: network(telephoneVlan),
  };
}

/** An IPv4 address as a number. */
function numberOf(address: string): number {
  return address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
}
