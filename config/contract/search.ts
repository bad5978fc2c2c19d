import { z } from 'zod';

/** GET /api/search?q= : what the command palette finds, best first. */
export const SearchReply = z.strictObject({
  results: z.array(
    z.strictObject({
      kind: z.enum([
        'device',
        'room',
        'rack',
        'outlet',
        'port',
        'link',
        'address',
        'vlan',
        'prefix',
        'service',
        'contract',
        'spare-part',
      ]),
      id: z.int(),
      name: z.string(),
      /** What it was found by, when that is not its name: a serial number, a MAC address. */
      matched: z.string().optional(),
      /** Where it is, or what it is. */
      detail: z.string(),
      /** The page to open. */
      path: z.string(),
    }),
  ),
});
export type SearchReply = z.infer<typeof SearchReply>;
