import type { SearchReply } from '@rackhaus/config/contract';

/** How many results a search gives. */
export const limit = 20;

/** A result with the key by which it is ranked. */
export type Found = SearchReply['results'][number] & { readonly key: string };
