import { z } from 'zod';
import { checkKinds } from '../check-settings.ts';
import * as f from './fields.ts';

/**
 * Something of a device that is asked otherwise than by SNMP; its readings are those of the service of this name. `settings` are
 * those of the kind (see `checkSettings`). What it signs in with is given apart and never answered.
 */
export const CheckFields = z.strictObject({
  deviceId: f.ref('device', { fixed: true, list: true }),
  /** Unique for the device. */
  name: f.name({ max: 100 }),
  kind: f.choice(checkKinds, 'http', { fixed: true, list: true }),
  /** The service whose part it is. */
  serviceId: f.optionalRef('service', { list: true }),
  active: f.flag(true, { list: true }),
  intervalSeconds: f.decimal({ min: 5, max: 600, unit: 's', initial: 60, list: true }),
  settings: f.json(z.record(z.string(), z.unknown()), {}),
  notes: f.longText(),
});
