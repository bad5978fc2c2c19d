import { isOfDevice, isPlug, portsOfType } from './ports.ts';
import type { DeviceTypeFile } from './schema.ts';
import { wiringOf } from './wiring.ts';

/** Definition: international avoirdupois pound and ounce. */
const kilograms = { kg: 1, g: 0.001, lb: 0.45359237, oz: 0.028349523125 } as const;

export interface TypeFacts {
  /** Null when the file does not say. */
  readonly weightKg: number | null;
  /** Watts that one supply draws at most: supplies of a device share its load, and one of them must carry it alone. */
  readonly maximumDrawW: number | null;
  /** What the maker reckons with, watts, likewise. */
  readonly allocatedDrawW: number | null;
  /** Ports that feed what is plugged in. */
  readonly poePorts: number;
  /** Whether it needs power: it says so, or it has an inlet, or is fed by its network port. */
  readonly powered: boolean;
}

/** What a type says of weight and power, in base units. */
export function factsOf(type: DeviceTypeFile): TypeFacts {
  const most = (key: 'maximum_draw' | 'allocated_draw') => {
    const said = type['power-ports'].map((port) => port[key]).filter((watts) => watts !== undefined);
    return said.length === 0 ? null : Math.max(...said);
  };
  return {
    weightKg:
      type.weight === undefined || type.weight_unit === undefined
        ? null
        : Math.round(type.weight * kilograms[type.weight_unit] * 1000) / 1000,
    maximumDrawW: most('maximum_draw'),
    allocatedDrawW: most('allocated_draw'),
    poePorts: type.interfaces.filter((port) => port.poe_mode === 'pse').length,
    powered:
      type.is_powered ??
      (type['power-ports'].length > 0 || type.interfaces.some((port) => port.poe_mode === 'pd')),
  };
}

/** What of a file is not taken over as it stands, for people who wonder where it went. */
export type TypeNote =
  | { readonly kind: 'module-bays' | 'device-bays' | 'module-ports' | 'no-plug'; readonly count: number }
  | { readonly kind: 'renamed'; readonly from: string; readonly to: string; readonly count: number }
  | { readonly kind: 'blocks'; readonly rear: string; readonly size: number };

/** The notes on a type, the weightiest first. */
export function notesOf(type: DeviceTypeFile): TypeNote[] {
  const notes: TypeNote[] = [];
  for (const [rear, size] of wiringOf(type).blocks) notes.push({ kind: 'blocks', rear, size });
  const { names, count } = renamed(type);
  const [first] = names;
  if (first !== undefined) notes.push({ kind: 'renamed', ...first, count });
  const add = (kind: 'module-bays' | 'device-bays' | 'module-ports' | 'no-plug', found: number) => {
    if (found > 0) notes.push({ kind, count: found });
  };
  add('module-bays', type['module-bays'].length);
  add('device-bays', type['device-bays'].length);
  add('module-ports', allNamed(type).filter((port) => !isOfDevice(port)).length);
  add('no-plug', type.interfaces.filter((port) => isOfDevice(port) && !isPlug(port)).length);
  return notes;
}

function allNamed(type: DeviceTypeFile): { readonly name: string }[] {
  return [
    ...type.interfaces,
    ...type['console-ports'],
    ...type['console-server-ports'],
    ...type['front-ports'],
    ...type['rear-ports'],
    ...type['power-outlets'],
    ...type['power-ports'],
  ];
}

function renamed(type: DeviceTypeFile): { names: { from: string; to: string }[]; count: number } {
  const known = new Set(allNamed(type).map((port) => port.name));
  const names = portsOfType(type)
    .filter((port) => !known.has(port.name))
    .map((port) => ({ from: port.name.replace(/^\S+ /, '').replace(/ \(\d+\)$/, ''), to: port.name }));
  return { names, count: names.length };
}
