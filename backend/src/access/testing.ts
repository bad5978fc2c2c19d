import { LinkMail } from './people/link-mail.ts';
import type { SecretBox } from './secret-box.ts';

/** Seals nothing: for tests that keep no secret. */
export const openBox: SecretBox = { seal: (plain) => plain, open: (sealed) => sealed };

/** No mail server. For tests. */
export const noLinkMail = new LinkMail({
  send: async () => null,
  words: async () => ({ language: 'de', timeZone: 'Europe/Berlin' }),
  onError: (error) => {
    throw error;
  },
});
