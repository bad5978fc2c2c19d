import type { z } from 'zod';
import type { PortKind, PortShape } from '../contract/index.ts';
import type { DeviceTypeFile } from './schema.ts';

type Shape = z.infer<typeof PortShape>;

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
  const jacks = jackNames(type);
  const plain = { management: false, twoSided: false, inner: null, lanes: 1 } as const;
  const ports: TypePort[] = [];
  for (const port of type.interfaces)
    if (isPhysical(port.type))
      ports.push({
        ...plain,
        name: port.name,
        kind: 'network',
        shape: shapeOf(port.type),
        management: port.mgmt_only ?? false,
      });
  for (const port of type['console-ports'])
    ports.push({
      ...plain,
      name: port.name,
      kind: 'console',
      shape: shapeOf(port.type ?? 'rj-45'),
      management: true,
    });
  for (const port of type['front-ports'])
    ports.push({
      ...plain,
      name: port.name,
      kind: 'front',
      shape: shapeOf(port.type),
      twoSided: jacks.has(port.name),
      inner: jacks.has(port.name) ? null : { rear: port.rear_port, lane: port.rear_port_position },
    });
  for (const port of type['rear-ports'])
    if (!jacks.has(port.name))
      ports.push({
        ...plain,
        name: port.name,
        kind: 'rear',
        shape: shapeOf(port.type),
        lanes: port.positions,
      });
  for (const port of type['power-outlets'])
    ports.push({ ...plain, name: port.name, kind: 'power-outlet', shape: shapeOf(port.type ?? 'other') });
  for (const port of type['power-ports'])
    ports.push({ ...plain, name: port.name, kind: 'inlet', shape: shapeOf(port.type ?? 'other') });
  return ports;
}

function jackNames(type: DeviceTypeFile): ReadonlySet<string> {
  const single = new Set(type['rear-ports'].filter((p) => p.positions === 1).map((p) => p.name));
  return new Set(
    type['front-ports'].filter((p) => p.rear_port === p.name && single.has(p.name)).map((p) => p.name),
  );
}

function isPhysical(type: string): boolean {
  return !/^(virtual|bridge|lag|ieee802\.11|gsm|cdma|lte|4g|5g|other-wireless)/.test(type);
}

const shapes: readonly (readonly [RegExp, Shape])[] = [
  [/qsfp|osfp|cfp/, 'qsfp'],
  [/sfp|xfp|x2|xenpak|gbic/, 'sfp'],
  [/base-tx?$|base-t1|^8p8c|^rj-?\d|^6p|^4p/, 'rj45'],
  [/^lc|^lsh|^cs$|^sn$/, 'lc'],
  [/^sc|^st|^fc|^mpo|^mtrj|^mu/, 'sc'],
  [/^usb/, 'usb'],
  [/^d[eb]-|^mini-din/, 'serial'],
  [/c13$/, 'iec-c13'],
  [/c14$/, 'iec-c14'],
  [/c19$/, 'iec-c19'],
  [/c20$/, 'iec-c20'],
  [/^ita-/, 'schuko'],
];

/** The shape in which a port type of the library is drawn; what has none of its own is a terminal. */
export function shapeOf(type: string): Shape {
  return shapes.find(([pattern]) => pattern.test(type))?.[1] ?? 'terminal';
}
