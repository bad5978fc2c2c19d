import { z } from 'zod';

/** GET /api/search?q= : what the command palette finds, best first. */
export const SearchReply = z.strictObject({
  results: z.array(
    z.strictObject({
      kind: z.enum(['device', 'port', 'rack', 'room', 'link', 'outlet']),
      id: z.int(),
      name: z.string(),
      /** Where it is, or what it is. */
      detail: z.string(),
      /** The page to open. */
      path: z.string(),
    }),
  ),
});
export type SearchReply = z.infer<typeof SearchReply>;
