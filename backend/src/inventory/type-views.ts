import type { DeviceTypeView } from '@rackhaus/config/contract';
import { DeviceTypeFile, facesOf } from '@rackhaus/config/device-types';

interface TypeRow {
  readonly id: number;
  readonly definition: string;
}

/** Types as screens draw them. Faces are computed once per definition. */
export class TypeViews {
  readonly #views = new Map<number, { readonly definition: string; readonly view: DeviceTypeView }>();

  of(row: TypeRow): DeviceTypeView {
    const known = this.#views.get(row.id);
    if (known?.definition === row.definition) return known.view;
    const type = DeviceTypeFile.parse(JSON.parse(row.definition));
    const view = {
      id: row.id,
      manufacturer: type.manufacturer,
      model: type.model,
      slug: type.slug,
      uHeight: type.u_height,
      fullDepth: type.is_full_depth,
      ...facesOf(type),
    };
    this.#views.set(row.id, { definition: row.definition, view });
    return view;
  }
}
