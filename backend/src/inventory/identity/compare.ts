import type { IdentityDifference, Observation, ObservedPort } from '@rackhaus/config/contract';
import { canBe, type KnownType, typeSaid } from './match-type.ts';
import { modelWords } from './model-words.ts';

/** What is documented of a device, as far as it can say the same of itself. */
export interface Documented {
  readonly serial: string | null;
  readonly type: KnownType;
  readonly ports: readonly {
    readonly id: number;
    readonly name: string;
    readonly kind: string;
    readonly mac: string | null;
    readonly plugged: boolean;
  }[];
}

/** IANAifType of what has a socket: ethernetCsmacd and its old kinds, fibreChannel, ieee80211. Loopbacks, VLANs and tunnels have none. */
const physical = new Set([6, 7, 26, 56, 62, 69, 71, 117]);
/** What stands where a device has no address to tell. */
const noMac = /^(?:00:){5}00$|^(?:ff:){5}ff$/;

const nothing = { documented: null, observed: null, portId: null, typeId: null, acceptable: true };

/** Where the device says something else than is documented. What it does not say is no difference. */
export function differencesOf(
  documented: Documented,
  observation: Observation,
  types: readonly KnownType[],
): IdentityDifference[] {
  return [
    ...serialOf(documented, observation),
    ...typeOf(documented, observation, types),
    ...portsOf(documented, observation),
  ];
}

function serialOf(documented: Documented, { identity }: Observation): IdentityDifference[] {
  const observed = identity.serial?.trim() ?? '';
  if (observed === '' || observed.toLowerCase() === documented.serial?.toLowerCase()) return [];
  return [
    {
      ...nothing,
      key: 'serial',
      field: 'serial',
      documented: documented.serial,
      observed: observed.slice(0, 100),
    },
  ];
}

/** What operating systems say of whatever they run on: "Generic x86 64-bit", "Intel x64", "amd64". */
const namesNoProduct = /^(Generic\b|(Intel |AMD )?x(86|64)\b|amd64\b|i[3-6]86\b|aarch64\b|arm64\b)/i;

function typeOf(
  { type }: Documented,
  { identity }: Observation,
  types: readonly KnownType[],
): IdentityDifference[] {
  if (identity.model === null || namesNoProduct.test(identity.model) || canBe(type, identity)) return [];
  const said = typeSaid(types, identity);
  if (said?.id === type.id) return [];
  return [
    {
      ...nothing,
      key: 'type',
      field: 'type',
      documented: `${type.manufacturer} ${type.model}`,
      observed:
        said === null ? modelWords(identity.vendor, identity.model) : `${said.manufacturer} ${said.model}`,
      typeId: said?.id ?? null,
      acceptable: said !== null,
    },
  ];
}

function portsOf(documented: Documented, observation: Observation): IdentityDifference[] {
  const network = documented.ports.filter((port) => port.kind === 'network');
  const seen = observation.ports.filter((port) => port.type === null || physical.has(port.type));
  if (seen.length === 0) return [];
  const byName = new Map(seen.map((port) => [port.name, port]));
  const macs = network.flatMap((port) => macOf(port, byName.get(port.name)));
  const missing = network.filter((port) => !byName.has(port.name));
  const names = new Set(documented.ports.map((port) => port.name));
  const added = seen.filter((port) => !names.has(port.name));
  const renamed = renamedPorts(missing, added);
  const known = new Set([...renamed.values()].map((port) => port.name));
  return [
    ...[...renamed].map(
      ([port, to]): IdentityDifference => ({
        ...nothing,
        key: `port-name/${port.id}`,
        field: 'port-name',
        documented: port.name,
        observed: to.name,
        portId: port.id,
      }),
    ),
    ...macs,
    ...added
      .filter((port) => !known.has(port.name))
      .map(
        (port): IdentityDifference => ({
          ...nothing,
          key: `port-added/${port.name}`,
          field: 'port-added',
          observed: port.name,
          acceptable: port.name.length <= 100,
        }),
      ),
    ...missing
      .filter((port) => !renamed.has(port))
      .map(
        (port): IdentityDifference => ({
          ...nothing,
          key: `port-missing/${port.id}`,
          field: 'port-missing',
          documented: port.name,
          portId: port.id,
          acceptable: !port.plugged,
        }),
      ),
  ];
}

type Port = Documented['ports'][number];

function macOf(port: Port, observed: ObservedPort | undefined): IdentityDifference[] {
  const mac = observed?.mac?.toLowerCase() ?? '';
  if (mac === '' || mac === port.mac || noMac.test(mac)) return [];
  return [
    {
      ...nothing,
      key: `port-mac/${port.id}`,
      field: 'port-mac',
      documented: port.mac,
      observed: mac,
      portId: port.id,
    },
  ];
}

/** Ports that are the same by their spelling: "GigabitEthernet 1/0/1" and "Gi1/0/1". Only where it is clear on both sides. */
function renamedPorts(missing: readonly Port[], added: readonly ObservedPort[]): Map<Port, ObservedPort> {
  const ours = Map.groupBy(missing, (port) => shortName(port.name));
  const theirs = Map.groupBy(added, (port) => shortName(port.name));
  const renamed = new Map<Port, ObservedPort>();
  for (const [name, [port, ...more]] of ours) {
    const [observed, ...others] = theirs.get(name) ?? [];
    if (port !== undefined && observed !== undefined && more.length === 0 && others.length === 0)
      renamed.set(port, observed);
  }
  return renamed;
}

/** The first two letters and the number, without spaces and case. */
function shortName(name: string): string {
  const plain = name.toLowerCase().replaceAll(/\s/g, '');
  const parts = /^([a-z]+)[a-z-]*?(\d[\d/.:-]*)$/.exec(plain);
  return parts === null ? plain : `${parts[1]?.slice(0, 2)}${parts[2]}`;
}
