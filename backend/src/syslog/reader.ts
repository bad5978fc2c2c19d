import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { SyslogCounts } from '@rackhaus/config/contract';
import { z } from 'zod';
import { hourMs, perMs } from './file.ts';
import { matchOf, saysNothing } from './match.ts';
import type { FoundMessage, Kept, Wanted, WantedPage } from './messages.ts';

/** Spans of the bars, the smallest of which there are few enough is taken. */
const steps = [300_000, hourMs, 6 * hourMs, 24 * hourMs, 7 * 24 * hourMs];
const mostSpans = 130;
const worst = 3;

const Row = z.object({
  id: z.number(),
  device: z.number().nullable(),
  severity: z.number().nullable(),
  facility: z.number().nullable(),
  sender: z.string(),
  host: z.string().nullable(),
  app: z.string().nullable(),
  process: z.string().nullable(),
  mnemonic: z.string().nullable(),
  device_time: z.number().nullable(),
  text: z.string(),
  data: z.string().nullable(),
  dropped: z.number().nullable(),
});
const Counted = z.object({ at: z.number(), count: z.number() });

/** Reads messages. Runs in the thread that reads. */
export class MessageReader {
  readonly #database: DatabaseSync;

  constructor(options: { database: DatabaseSync }) {
    this.#database = options.database;
  }

  /** Newest first. */
  search(wanted: WantedPage): FoundMessage[] {
    if (saysNothing(wanted.text)) return [];
    const { where, values, from } = this.#conditions(wanted, wanted.before, wanted.after);
    const rows = this.#database
      .prepare(`SELECT m.* FROM ${from} WHERE ${where.join(' AND ')} ORDER BY ${idOf(from)} DESC LIMIT ?`)
      .all(...values, wanted.limit);
    return rows.map((row) => messageOf(Row.parse(row)));
  }

  /** How many there are in each span of time, and how many of these are errors or worse. */
  counts(wanted: Wanted & { readonly from: number; readonly to: number }): SyslogCounts {
    const stepMs = stepFor(wanted.to - wanted.from);
    const first = Math.floor(wanted.from / stepMs);
    const length = Math.max(1, Math.ceil(wanted.to / stepMs) - first);
    const spans = Array.from({ length }, () => ({ all: 0, severe: 0 }));
    const whole = { ...wanted, from: first * stepMs, to: (first + length) * stepMs };
    const add = (of: Wanted, name: 'all' | 'severe') => {
      for (const { at, count } of this.#counted(of, stepMs)) {
        const span = spans[at - first];
        if (span !== undefined) span[name] += count;
      }
    };
    if (!saysNothing(wanted.text)) {
      add(whole, 'all');
      add({ ...whole, severity: Math.min(worst, wanted.severity ?? worst) }, 'severe');
    }
    return { from: first * stepMs, stepMs, spans };
  }

  kept(): Kept {
    const number = (sql: string, column: string): number | null => {
      const value = this.#database.prepare(sql).get()?.[column];
      return typeof value === 'number' ? value : null;
    };
    const oldest = number('SELECT min(id) AS id FROM message', 'id');
    const pages =
      (number('PRAGMA page_count', 'page_count') ?? 0) -
      (number('PRAGMA freelist_count', 'freelist_count') ?? 0);
    return {
      messages: number('SELECT sum(count) AS count FROM tally', 'count') ?? 0,
      bytes: pages * (number('PRAGMA page_size', 'page_size') ?? 0),
      oldest: oldest === null ? null : Math.floor(oldest / perMs),
      shortenedAt: number(`SELECT value FROM state WHERE name = 'shortenedAt'`, 'value'),
    };
  }

  #counted(wanted: Wanted, stepMs: number): { at: number; count: number }[] {
    // Hours without words to look for have been counted already.
    if ((wanted.text ?? '').trim() === '' && stepMs % hourMs === 0) return this.#tallied(wanted, stepMs);
    const { where, values, from } = this.#conditions(wanted, null, null);
    const id = idOf(from);
    return this.#database
      .prepare(
        `SELECT CAST(${id} / ? AS INTEGER) AS at, count(*) AS count FROM ${from} WHERE ${where.join(' AND ')} GROUP BY 1`,
      )
      .all(stepMs * perMs, ...values)
      .map((row) => Counted.parse(row));
  }

  #tallied(wanted: Wanted, stepMs: number): { at: number; count: number }[] {
    const where = ['hour >= ?', 'hour < ?'];
    const values: SQLInputValue[] = [
      Math.floor((wanted.from ?? 0) / hourMs),
      Math.ceil((wanted.to ?? 0) / hourMs),
    ];
    const add = (condition: string, value: SQLInputValue) => {
      where.push(condition);
      values.push(value);
    };
    if (wanted.device !== null) add('device = ?', wanted.device);
    if (wanted.unknown) add('device = ?', 0);
    if (wanted.severity !== null && wanted.severity < 7) add('severity <= ?', wanted.severity);
    if (wanted.within !== null)
      add('device IN (SELECT value FROM json_each(?))', JSON.stringify(wanted.within));
    return this.#database
      .prepare(
        `SELECT CAST(hour / ? AS INTEGER) AS at, sum(count) AS count FROM tally WHERE ${where.join(' AND ')} GROUP BY 1`,
      )
      .all(stepMs / hourMs, ...values)
      .map((row) => Counted.parse(row));
  }

  #conditions(
    wanted: Wanted,
    before: number | null,
    after: number | null,
  ): { where: string[]; values: SQLInputValue[]; from: string } {
    const match = matchOf(wanted);
    const from = match === null ? 'message m' : 'words JOIN message m ON m.id = words.rowid';
    const id = idOf(from);
    const low = Math.max((wanted.from ?? 0) * perMs, after === null ? 0 : after + 1);
    const high = Math.min((wanted.to ?? 4e12) * perMs, before ?? Number.MAX_SAFE_INTEGER);
    const where = [`${id} >= ?`, `${id} < ?`];
    const values: SQLInputValue[] = [low, high];
    if (match !== null) {
      where.push('words MATCH ?');
      values.push(match);
    }
    if (wanted.within !== null) {
      where.push('m.device IN (SELECT value FROM json_each(?))');
      values.push(JSON.stringify(wanted.within));
    }
    return { where, values, from };
  }
}

function idOf(from: string): string {
  return from.startsWith('words') ? 'words.rowid' : 'm.id';
}

function stepFor(spanMs: number): number {
  return steps.find((step) => spanMs / step <= mostSpans) ?? Math.ceil(spanMs / mostSpans / hourMs) * hourMs;
}

function messageOf({
  device,
  sender,
  device_time: deviceTime,
  dropped,
  ...row
}: z.infer<typeof Row>): FoundMessage {
  return {
    ...row,
    deviceId: device,
    time: Math.floor(row.id / perMs),
    from: sender,
    deviceTime,
    ...(dropped === null ? {} : { dropped }),
  };
}
