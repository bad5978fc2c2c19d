import type { SyslogCounts, SyslogLine, SyslogSettings } from '@rackhaus/config/contract';

/** What the threads are started with. */
export interface ThreadSettings {
  readonly file: string;
  /** The one that writes, or the one that reads: a long search delays nothing that comes in. */
  readonly role: 'write' | 'read';
}

/** A line with the device that it was found to be of; null: of none that is known. */
export type AttachedLine = Omit<SyslogLine, 'deviceId'> & { readonly deviceId: number | null };

export interface WrittenBatch {
  readonly agentId: number;
  readonly outbox: string;
  readonly sequence: number;
  readonly lines: readonly AttachedLine[];
}

/** What is looked for. Ids and times as in the contract. */
export interface Wanted {
  readonly text: string | null;
  readonly device: number | null;
  /** Of no known device. */
  readonly unknown: boolean;
  readonly severity: number | null;
  readonly from: number | null;
  readonly to: number | null;
  /** Only of these devices; null: of all. */
  readonly within: readonly number[] | null;
}

export interface WantedPage extends Wanted {
  readonly before: number | null;
  readonly after: number | null;
  readonly limit: number;
}

export interface FoundMessage extends AttachedLine {
  readonly id: number;
}

export interface Kept {
  readonly messages: number;
  readonly bytes: number;
  readonly oldest: number | null;
  readonly shortenedAt: number | null;
}

/** What the store asks of its threads, and what each request is answered with. */
export interface Requests {
  /** Whether it is new; a repeat is not stored again. */
  write: { ask: WrittenBatch; answer: boolean };
  settings: { ask: SyslogSettings; answer: null };
  /** Deletes at once what is due at this time. */
  tidy: { ask: number; answer: null };
  search: { ask: WantedPage; answer: FoundMessage[] };
  counts: { ask: Wanted & { readonly from: number; readonly to: number }; answer: SyslogCounts };
  kept: { ask: null; answer: Kept };
  close: { ask: null; answer: null };
}

export type RequestName = keyof Requests;

export type ToThread = {
  [K in RequestName]: { readonly id: number; readonly name: K; readonly ask: Requests[K]['ask'] };
}[RequestName];

export type FromThread =
  | { readonly id: number; readonly answer: Requests[RequestName]['answer'] }
  | { readonly id: number; readonly error: string }
  | { readonly log: string };
