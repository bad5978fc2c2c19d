import type { SheetKind, SheetReply } from '@rackhaus/config/contract';
import { m } from '../paraglide/messages.js';
import type { Cables } from './sheet-query.ts';

/** What a sheet is called, what it is for, and what stands there when it has no rows. */
export const sheetWords: Readonly<
  Record<
    SheetKind,
    { readonly name: () => string; readonly about: () => string; readonly empty: () => string }
  >
> = {
  patch: { name: m.sheets_patch, about: m.sheets_about_patch, empty: m.sheets_empty_patch },
  distributor: {
    name: m.sheets_distributor,
    about: m.sheets_about_distributor,
    empty: m.sheets_empty_distributor,
  },
  removal: { name: m.sheets_removal, about: m.sheets_about_removal, empty: m.sheets_empty_removal },
  unused: { name: m.sheets_unused, about: m.sheets_about_unused, empty: m.sheets_empty_unused },
  inspection: {
    name: m.sheets_inspection,
    about: m.sheets_about_inspection,
    empty: m.sheets_empty_inspection,
  },
  undocumented: {
    name: m.sheets_undocumented,
    about: m.sheets_about_undocumented,
    empty: m.sheets_empty_undocumented,
  },
};

export const cablesWords: Readonly<Record<Cables, () => string>> = {
  all: m.sheets_cables_all,
  permanent: m.sheets_cables_permanent,
  cords: m.sheets_cables_cords,
  power: m.sheets_cables_power,
};

/** Where there is more to read of what a row is about. */
export function pathOfRow(about: SheetReply['rows'][number]['about']): string | null {
  switch (about?.kind) {
    case 'link':
      return `/trace?cable=${about.id}`;
    case 'port':
      return `/trace?port=${about.id}`;
    case 'order':
      return `/orders/${about.id}`;
    case 'device':
      return `/devices/${about.id}`;
    case undefined:
      return null;
  }
}
