import type { AlertSettings, ChannelKind, ChannelSettings } from '@rackhaus/config/contract';
import type { Words } from '../delivery/words.ts';
import type { Message } from '../message.ts';

/** A channel with all that it takes to send. */
export interface OpenChannel {
  readonly id: number;
  readonly userId: number | null;
  readonly name: string;
  readonly settings: ChannelSettings;
  readonly secret: string | null;
}

/** One message on its way to one channel. */
export interface Outgoing {
  /** The same at each attempt: what receivers drop repeats by. */
  readonly key: string;
  readonly message: Message;
  readonly words: Words;
  /** What links and receipts are signed with; null: nothing to confirm. */
  readonly token: string | null;
  readonly settings: AlertSettings;
}

/**
 * `later`: worth trying again. `refused`: this message will never be taken. `gone`: the channel exists no more.
 * `error` is for people and holds no secret.
 */
export type Outcome =
  | { readonly kind: 'sent' }
  | { readonly kind: 'later' | 'refused' | 'gone'; readonly error: string };

export const sent: Outcome = { kind: 'sent' };

/** Hands a message over. Never throws for what a channel does; ends within two minutes whatever the channel does. */
export type Send = (channel: OpenChannel, outgoing: Outgoing) => Promise<Outcome>;
export type Senders = Readonly<Record<ChannelKind, Send>>;
