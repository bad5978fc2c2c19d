import { createHmac, timingSafeEqual } from 'node:crypto';

/** Makes and checks the tokens in links of messages: 128 bits that nobody guesses, and nothing to store. */
export interface Links {
  tokenOf(delivery: { readonly id: number; readonly key: string }): string;
  /** The id that a token claims; null: it is no token. What it claims is true only when {@link tokenOf} gives the same. */
  claimedId(token: string): number | null;
  matches(token: string, delivery: { readonly id: number; readonly key: string }): boolean;
}

/** `secret`: of this server, at least 32 random bytes, kept for as long as links shall work. */
export function createLinks(secret: Uint8Array): Links {
  const tokenOf = ({ id, key }: { id: number; key: string }): string => {
    const mac = createHmac('sha256', secret).update(`link\n${id}\n${key}`).digest();
    return `${id.toString(36)}-${mac.subarray(0, 16).toString('base64url')}`;
  };
  return {
    tokenOf,
    claimedId(token) {
      const id = /^([0-9a-z]{1,9})-[-\w]{22}$/.exec(token)?.[1];
      return id === undefined ? null : Number.parseInt(id, 36);
    },
    matches(token, delivery) {
      const right = Buffer.from(tokenOf(delivery));
      const given = Buffer.from(token);
      return right.length === given.length && timingSafeEqual(right, given);
    },
  };
}
