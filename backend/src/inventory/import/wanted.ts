import type { DeviceTypeFile, TypePort } from '@rackhaus/config/device-types';
import { facesOf, portsOfType } from '@rackhaus/config/device-types';

/** One port that an outlet of `count` jacks has: numbered, a cord in front, the installed cable behind. */
export function outletPorts(count: number): TypePort[] {
  return Array.from({ length: count }, (_, index) => ({
    name: String(index + 1),
    kind: 'front',
    shape: 'rj45',
    management: false,
    twoSided: true,
    inner: null,
    lanes: 1,
  }));
}

/** What queries need of a type besides its definition. */
export function typeColumns(type: DeviceTypeFile) {
  return {
    slug: type.slug,
    manufacturer: type.manufacturer,
    model: type.model,
    u_height: type.u_height,
    form: facesOf(type).form,
    full_depth: type.is_full_depth ? 1 : 0,
    part_number: type.part_number ?? null,
    weight_kg: kilograms(type),
    power_w: watts(type),
    airflow: type.airflow ?? null,
    definition: JSON.stringify(type),
  };
}

const kilogramsPer = { kg: 1, g: 0.001, lb: 0.45359237, oz: 0.028349523125 } as const;

function kilograms({ weight, weight_unit }: DeviceTypeFile): number | null {
  if (weight === undefined) return null;
  return Math.round(weight * kilogramsPer[weight_unit ?? 'kg'] * 1000) / 1000;
}

/** A device with two supplies draws through one of them when the other fails: the largest one counts, not their sum. */
function watts(type: DeviceTypeFile): number | null {
  const draws = type['power-ports'].flatMap(({ maximum_draw }) =>
    maximum_draw === undefined ? [] : [maximum_draw],
  );
  return draws.length === 0 ? null : Math.max(...draws);
}

/** Ports of types, computed once per type. */
export class TypePorts {
  readonly #types: ReadonlyMap<string, DeviceTypeFile>;
  readonly #ports = new Map<string, readonly TypePort[]>();

  constructor(types: ReadonlyMap<string, DeviceTypeFile>) {
    this.#types = types;
  }

  of(slug: string): readonly TypePort[] {
    const known = this.#ports.get(slug);
    if (known !== undefined) return known;
    const type = this.#types.get(slug);
    const ports = type === undefined ? [] : portsOfType(type);
    this.#ports.set(slug, ports);
    return ports;
  }
}
