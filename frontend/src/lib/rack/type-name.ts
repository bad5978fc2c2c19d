import type { DeviceTypeView } from '@rackhaus/config/contract';

/** Manufacturer and model; the model alone where the type is nobody's in particular (the library's "Generic"). */
export function typeName(type: Pick<DeviceTypeView, 'manufacturer' | 'model'>): string {
  return type.manufacturer === 'Generic' ? type.model : `${type.manufacturer} ${type.model}`.trim();
}
