import type { ObservedNeighbour } from '@rackhaus/config/contract';

/** Neighbours of all protocols, each once: where LLDP and another tell of the same device at the same port, LLDP wins. */
export function mergeNeighbours(told: readonly ObservedNeighbour[]): ObservedNeighbour[] {
  const lldp = told.filter(({ protocol }) => protocol === 'lldp');
  return told.filter(
    (neighbour) =>
      neighbour.protocol === 'lldp' ||
      !lldp.some((other) => other.localPort === neighbour.localPort && isSameDevice(other, neighbour)),
  );
}

/**
 * What each table tells, together: of those that tell of LLDP the first that has any neighbour, since a device that has both
 * versions of the MIB, or one of its maker beside, tells the same in each.
 */
export function oneOfLldp(tables: readonly (readonly ObservedNeighbour[])[]): ObservedNeighbour[] {
  const chosen = tables.find((table) => table.some(({ protocol }) => protocol === 'lldp'));
  return tables.flatMap((table) =>
    table === chosen ? table : table.filter(({ protocol }) => protocol !== 'lldp'),
  );
}

function isSameDevice(lldp: ObservedNeighbour, other: ObservedNeighbour): boolean {
  if (lldp.managementAddress !== null && lldp.managementAddress === other.managementAddress) return true;
  if (hostName(lldp.remoteName) === hostName(other.remoteName)) return true;
  // Telephones and access points call themselves by their MAC address: SEP001122aabbcc.
  const chassis = lldp.chassis?.replaceAll(':', '') ?? '';
  return chassis.length === 12 && other.remoteName.toLowerCase().replace(/[.:-]/g, '').includes(chassis);
}

/** Without the domain, which one protocol may add, and without the serial number in brackets. */
function hostName(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/\(.*\)$/, '')
      .split('.')[0] ?? ''
  ).trim();
}
