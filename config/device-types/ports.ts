import type { z } from 'zod';
import type { PortKind, PortShape } from '../contract/inventory.ts';
import { portLists } from './port-lists.ts';
import type { DeviceTypeFile } from './schema.ts';
import { wiringOf } from './wiring.ts';

type Shape = z.infer<typeof PortShape>;
type List = (typeof portLists)[number];

/** One port that every device of a type has. Names are unique within the type. */
export interface TypePort {
  readonly name: string;
  readonly kind: PortKind;
  readonly shape: Shape;
  /** Beside the data ports: management of the device itself. */
  readonly management: boolean;
  /**
   * A jack: the cord goes in at the front, the installed cable ends behind, both under one name. The library's format
   * says it as a front and a rear port of the same name; here it is one port with two sides.
   */
  readonly twoSided: boolean;
  /** Front ports of a panel with shared rear ports: the rear port behind and the lane in it. */
  readonly inner: { readonly rear: string; readonly lane: number } | null;
  /** Lanes of a rear port; 1 for all others. */
  readonly lanes: number;
}

/** Ports one can plug something into: wireless and virtual interfaces are left out. In the order of the file. */
export function portsOfType(type: DeviceTypeFile): TypePort[] {
  const { wires, lanes } = wiringOf(type);
  const jacks = new Set(
    [...wires]
      .filter(([front, wire]) => wire.rear === front && lanes.get(front) === 1)
      .map(([front]) => front),
  );
  const names = uniqueNames(type, jacks);
  const nameOf = (list: List, name: string) => names[list].get(name) ?? name;
  const plain = { management: false, twoSided: false, inner: null, lanes: 1 } as const;
  const ports: TypePort[] = [];
  for (const port of type.interfaces)
    if (isPlug(port))
      ports.push({
        ...plain,
        name: nameOf('interfaces', port.name),
        kind: 'network',
        shape: shapeOf(port.type),
        management: port.mgmt_only ?? false,
      });
  for (const list of ['console-ports', 'console-server-ports'] as const)
    for (const port of type[list].filter(isOfDevice))
      ports.push({
        ...plain,
        name: nameOf(list, port.name),
        kind: 'console',
        shape: shapeOf(port.type ?? 'rj-45'),
        // The ports of a console server are what it is for.
        management: list === 'console-ports',
      });
  for (const port of type['front-ports'].filter(isOfDevice)) {
    const wire = jacks.has(port.name) ? undefined : wires.get(port.name);
    ports.push({
      ...plain,
      name: nameOf('front-ports', port.name),
      kind: 'front',
      shape: shapeOf(port.type),
      twoSided: jacks.has(port.name),
      inner: wire === undefined ? null : { rear: nameOf('rear-ports', wire.rear), lane: wire.lane },
    });
  }
  for (const port of type['rear-ports'].filter(isOfDevice))
    if (!jacks.has(port.name))
      ports.push({
        ...plain,
        name: nameOf('rear-ports', port.name),
        kind: 'rear',
        shape: shapeOf(port.type),
        lanes: lanes.get(port.name) ?? port.positions,
      });
  for (const port of type['power-outlets'].filter(isOfDevice))
    ports.push({
      ...plain,
      name: nameOf('power-outlets', port.name),
      kind: 'power-outlet',
      shape: shapeOf(port.type ?? 'other'),
    });
  for (const port of type['power-ports'].filter(isOfDevice))
    ports.push({
      ...plain,
      name: nameOf('power-ports', port.name),
      kind: 'inlet',
      shape: shapeOf(port.type ?? 'other'),
    });
  return ports;
}

const prefixes: Readonly<Record<List, string>> = {
  interfaces: 'Net',
  'front-ports': 'Front',
  'rear-ports': 'Rear',
  'power-outlets': 'Out',
  'console-server-ports': 'Serial',
  'console-ports': 'Console',
  'power-ports': 'Power',
};

/**
 * The library has names unique per kind of port only: a console server has a console port 1, a serial port 1 and a power
 * supply 1. A link names a port by its name alone, so what comes later in {@link portLists} is called "Power 1".
 */
function uniqueNames(
  type: DeviceTypeFile,
  jacks: ReadonlySet<string>,
): Readonly<Record<List, ReadonlyMap<string, string>>> {
  const taken = new Set<string>(portLists.flatMap((list) => type[list].map((port) => port.name)));
  const given = new Set<string>();
  const names: Readonly<Record<List, Map<string, string>>> = {
    interfaces: new Map(),
    'front-ports': new Map(),
    'rear-ports': new Map(),
    'power-outlets': new Map(),
    'console-server-ports': new Map(),
    'console-ports': new Map(),
    'power-ports': new Map(),
  };
  for (const list of portLists)
    for (const { name } of type[list]) {
      if (list === 'rear-ports' && jacks.has(name)) continue;
      let unique = name;
      for (let again = 1; given.has(unique) || (again > 1 && taken.has(unique)); again++)
        unique = `${prefixes[list]} ${name}${again === 1 ? '' : ` (${again})`}`;
      given.add(unique);
      if (unique !== name) names[list].set(name, unique);
    }
  return names;
}

/** Ports of modules are named after their bay, `{module}`: they come with the module. */
export function isOfDevice(port: { readonly name: string }): boolean {
  return !port.name.includes('{module}');
}

/** Whether an interface is something that a cable can be plugged into. */
export function isPlug(port: { readonly name: string; readonly type: string }): boolean {
  return (
    isOfDevice(port) &&
    !/^(virtual|bridge|lag|ieee802\.1|gsm|cdma|lte|4g|5g|6g|other-wireless)/.test(port.type)
  );
}

const shapes: readonly (readonly [RegExp, Shape])[] = [
  [/qsfp|osfp|cfp|cxp|cpak/, 'qsfp'],
  [/sfp|xfp|x2$|xenpak|gbic|pon$|base-[flszeb]x/, 'sfp'],
  [/base-tx?$|base-t1|^8p|^rj-?\d|^6p|^4p|^gg45|^tera|^xdsl|^[te]1$/, 'rj45'],
  [/^lc|^lsh|^cs$|^sn$|^lx5|^urm/, 'lc'],
  [/^sc|^st|^fc|^mpo|^mtrj|^mu|^splice/, 'sc'],
  [/^usb/, 'usb'],
  [/^d[eb]-|^mini-din/, 'serial'],
  [/c13$|c15$/, 'iec-c13'],
  [/c14$|c16$/, 'iec-c14'],
  [/c19$|c21$/, 'iec-c19'],
  [/c20$|c22$/, 'iec-c20'],
  [/^ita-/, 'schuko'],
];

/** The shape in which a port type of the library is drawn; what has none of its own is a terminal. */
export function shapeOf(type: string): Shape {
  return shapes.find(([pattern]) => pattern.test(type.toLowerCase()))?.[1] ?? 'terminal';
}
