import { z } from 'zod';

/** `:id` of an address. */
export const WithId = z.strictObject({
  id: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'must be a number')
    .transform(Number),
});
