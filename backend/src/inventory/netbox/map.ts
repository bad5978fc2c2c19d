import type { ExchangeFile } from '../exchange/file.ts';
import { writeCables } from './cables.ts';
import { writeDevices } from './devices.ts';
import { Draft, type Remark } from './draft.ts';
import { writeAddresses, writeVlans } from './network.ts';
import { Places } from './places.ts';
import type { NetboxData } from './shapes.ts';
import { writeTypes } from './types.ts';

/** What NetBox holds as records of the inventory, and what of it cannot be taken over as it is. */
export function fromNetbox(data: NetboxData): {
  readonly file: ExchangeFile;
  readonly remarks: readonly Remark[];
} {
  const draft = new Draft();
  const places = new Places(draft, data);
  places.write();
  writeTypes(draft, data);
  writeVlans(draft, data);
  writeDevices(draft, data, places);
  writeCables(draft, data);
  writeAddresses(draft, data);
  return { file: draft.file(), remarks: draft.remarks };
}
