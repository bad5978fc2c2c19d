import type { DeviceTypeView } from '@rackhaus/config/contract';
import { m } from '../paraglide/messages.js';

/** The maker of types that are nobody's in particular, as the library names it. */
const nobody = 'Generic';

/** Manufacturer and model; the model alone where the type is nobody's in particular. */
export function typeName(type: Pick<DeviceTypeView, 'manufacturer' | 'model'>): string {
  return type.manufacturer === nobody ? type.model : `${type.manufacturer} ${type.model}`.trim();
}

/** A manufacturer for people. */
export function makerName(manufacturer: string): string {
  return manufacturer === nobody ? m.types_maker_any() : manufacturer;
}
