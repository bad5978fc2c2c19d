import { z } from 'zod';

const importance = z.enum(['high', 'normal', 'low']);
/** `recordId`: of the record that joins the two, to delete it by. */
const joined = { recordId: z.int(), id: z.int(), name: z.string() };

/** A service with what it runs on and what it needs. */
export const ServiceView = z.strictObject({
  id: z.int(),
  version: z.int(),
  name: z.string(),
  personInCharge: z.string().nullable(),
  hours: z.string().nullable(),
  importance,
  address: z.string().nullable(),
  notes: z.string().nullable(),
  devices: z.array(
    z.strictObject({
      ...joined,
      /** For people: room, rack and units. */
      place: z.string(),
      monitored: z.boolean(),
    }),
  ),
  needs: z.array(z.strictObject(joined)),
  neededBy: z.array(z.strictObject(joined)),
});
export type ServiceView = z.infer<typeof ServiceView>;

/** GET /api/services: all of them, by importance and name. */
export const ServiceList = z.strictObject({ services: z.array(ServiceView) });
export type ServiceList = z.infer<typeof ServiceList>;

/** GET /api/devices/:id/services: what suffers when the device fails. */
export const DeviceServices = z.strictObject({
  services: z.array(
    z.strictObject({
      id: z.int(),
      name: z.string(),
      importance,
      personInCharge: z.string().nullable(),
      /** Runs on the device itself; otherwise it needs a service that does. */
      direct: z.boolean(),
      /** The services between it and the device, nearest to the device last; empty when it runs on it. */
      through: z.array(z.strictObject({ id: z.int(), name: z.string() })),
    }),
  ),
});
export type DeviceServices = z.infer<typeof DeviceServices>;
