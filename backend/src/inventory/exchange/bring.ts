import { fieldsOf, newRecord, type RecordKind } from '@rackhaus/config/contract';
import { sql } from 'kysely';
import type { Change } from '../../history/change.ts';
import type { DbValue, Row, StoredRow } from '../../history/spec.ts';
import { AppError } from '../../problem.ts';
import { columnName, toRow } from '../records/columns.ts';
import { type ExchangedKind, type ExchangeFile, exchangeOrder, type GivenRecord } from './file.ts';
import { bringLinks } from './links.ts';
import { naturalKey } from './natural-keys.ts';

/** Something in a file that could not be used; what does not stop the rest is a remark. */
export interface ExchangeProblem {
  /** `device[3].typeId` */
  readonly path: string;
  readonly message: string;
}

export interface BroughtIn {
  readonly created: number;
  readonly updated: number;
  readonly same: number;
  /** What was left out, and why. */
  readonly remarks: readonly ExchangeProblem[];
}

/** So many problems are told at once. */
const mostProblems = 200;

/**
 * Brings records into the inventory within a change: what is there is changed where it differs, the rest is made; nothing is
 * deleted except cables that sit where the file has others. `progress` is told how many records are done.
 * @throws AppError invalid that names every record that is not as it should be; nothing is written then
 */
export async function bringIn(
  change: Change,
  file: ExchangeFile,
  progress: (done: number, total: number) => void = () => undefined,
): Promise<BroughtIn> {
  return new Bringing(change, file, progress).run();
}

class Bringing {
  readonly #change: Change;
  readonly #file: ExchangeFile;
  readonly #progress: (done: number, total: number) => void;
  /** Ids of the file to ids of the inventory; null: a record that was left out. */
  readonly #ids = new Map<RecordKind, Map<number, number | null>>();
  readonly #problems: ExchangeProblem[] = [];
  readonly #remarks: ExchangeProblem[] = [];
  readonly #counts = { created: 0, updated: 0, same: 0 };
  readonly #total: number;
  #done = 0;

  constructor(change: Change, file: ExchangeFile, progress: (done: number, total: number) => void) {
    this.#change = change;
    this.#file = file;
    this.#progress = progress;
    this.#total = Object.values(file.records).reduce((sum, list) => sum + list.length, 0);
  }

  async run(): Promise<BroughtIn> {
    for (const kind of exchangeOrder) {
      const given = this.#file.records[kind] ?? [];
      const entries = [...given.entries()];
      if (kind === 'link') await this.#links(given);
      else if (kind === 'port') {
        // Front ports name their rear ports.
        await this.#kind(
          kind,
          entries.filter(([, port]) => (port.rearPortId ?? null) === null),
        );
        await this.#kind(
          kind,
          entries.filter(([, port]) => (port.rearPortId ?? null) !== null),
        );
      } else if (kind !== 'link-end') await this.#kind(kind, entries);
      this.#done += given.length;
      this.#progress(this.#done, this.#total);
      if (this.#problems.length > 0) throw this.#refusal();
    }
    return { ...this.#counts, remarks: this.#remarks };
  }

  async #kind(
    kind: Exclude<ExchangedKind, 'link' | 'link-end'>,
    given: readonly (readonly [index: number, record: GivenRecord])[],
  ): Promise<void> {
    if (given.length === 0) return;
    const known = await this.#existing(kind);
    const seen = new Occurrences();
    const added: { readonly row: Row; readonly id: number }[] = [];
    for (const [index, record] of given) {
      const row = this.#rowOf(kind, record, index);
      if (row === null) continue;
      const existing = known.get(seen.next(naturalKey(kind, row)));
      if (existing !== undefined) {
        this.#remember(kind, record.id, existing.id);
        await this.#update(kind, existing, row);
      } else if (kind === 'credential') {
        this.#remember(kind, record.id, null);
        this.#remark(
          `credential[${index}]`,
          `there are no credentials "${String(row.name)}" here: secrets are not exported`,
        );
      } else added.push({ row, id: record.id });
    }
    const made = await this.#change.insert(
      kind,
      added.map(({ row }) => row),
    );
    for (const [index, { id }] of added.entries()) this.#remember(kind, id, made[index] ?? null);
    this.#counts.created += made.length;
  }

  async #update(kind: RecordKind, existing: StoredRow, row: Row): Promise<void> {
    const fixed = fieldsOf(kind);
    const changed: { [column: string]: DbValue } = {};
    for (const [name, { meta }] of fixed) {
      const column = columnName(name);
      if (meta.fixed === true || row[column] === undefined) continue;
      if (!sameValue(existing[column] ?? null, row[column])) changed[column] = row[column];
    }
    if (Object.keys(changed).length === 0) {
      this.#counts.same++;
      return;
    }
    await this.#change.update(kind, existing.id, changed);
    this.#counts.updated++;
  }

  async #links(given: readonly GivenRecord[]): Promise<void> {
    const ends = this.#file.records['link-end'] ?? [];
    const rows = given.flatMap((record, index) => {
      const row = this.#rowOf('link', record, index);
      return row === null ? [] : [{ id: record.id, row }];
    });
    const endRows = ends.flatMap((record, index) => {
      const link = record.linkId;
      const mapped = this.#rowOf('link-end', { ...record, linkId: 1 }, index);
      return mapped === null ? [] : [{ link, row: mapped }];
    });
    const counts = await bringLinks(this.#change, rows, endRows);
    this.#counts.created += counts.created;
    this.#counts.updated += counts.updated;
    this.#counts.same += counts.same;
    for (const [id, linkId] of counts.ids) this.#remember('link', id, linkId);
  }

  /** A record of the file as a row of the inventory; null when it cannot be one, which has been said then. */
  #rowOf(kind: RecordKind, record: GivenRecord, index: number): Row | null {
    const path = `${kind}[${index}]`;
    const { id: _, ...values } = record;
    const mapped: Record<string, unknown> = { ...values };
    for (const [name, { meta }] of fieldsOf(kind)) {
      const to =
        meta.type === 'ref' ? meta.to : name === 'subjectId' ? String(values.subjectKind) : undefined;
      const value = values[name];
      if (
        to === undefined ||
        value === null ||
        value === undefined ||
        (kind === 'link-end' && name === 'linkId')
      )
        continue;
      const target = this.#ids.get(kindOf(to))?.get(Number(value));
      if (target === undefined) {
        this.#problem(`${path}.${name}`, `there is no ${to} ${String(value)} in this file`);
        return null;
      }
      if (target === null && meta.initial !== null) {
        this.#remark(path, `left out, because its ${to} was`);
        return null;
      }
      mapped[name] = target;
    }
    const parsed = newRecord(kind).safeParse(mapped);
    if (parsed.success) return toRow(kind, parsed.data);
    for (const issue of parsed.error.issues)
      this.#problem(
        [path, ...issue.path].map(String).join('.'),
        issue.code === 'unrecognized_keys' ? `${issue.keys.join(', ')} is not known here` : issue.message,
      );
    return null;
  }

  async #existing(kind: Exclude<ExchangedKind, 'link' | 'link-end'>): Promise<Map<string, StoredRow>> {
    const { table } = this.#change.spec(kind);
    const { rows } = await sql<StoredRow>`select * from ${sql.table(table)}`.execute(this.#change.tx);
    const seen = new Occurrences();
    return new Map(rows.map((row) => [seen.next(naturalKey(kind, row)), row]));
  }

  #remember(kind: RecordKind, fileId: number, id: number | null): void {
    const ids = this.#ids.get(kind) ?? new Map<number, number | null>();
    ids.set(fileId, id);
    this.#ids.set(kind, ids);
  }

  #problem(path: string, message: string): void {
    if (this.#problems.length < mostProblems) this.#problems.push({ path, message });
  }

  #remark(path: string, message: string): void {
    if (this.#remarks.length < mostProblems) this.#remarks.push({ path, message });
  }

  #refusal(): AppError {
    const said = this.#problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
    return new AppError('invalid', `The records cannot be brought in: ${said}`, this.#problems, {
      reason: 'records',
    });
  }
}

/** Tells equal keys apart by their number: the second drawer of the same spare parts is the second one in the file. */
class Occurrences {
  readonly #counts = new Map<string, number>();

  next(key: string): string {
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return `${key}#${count}`;
  }
}

/** Text columns that may not be null hold an empty text instead. */
function sameValue(stored: DbValue, given: DbValue): boolean {
  return stored === given || (stored === '' && given === null);
}

function kindOf(name: string): RecordKind {
  const kind = exchangeOrder.find((each) => each === name);
  if (kind === undefined) throw new AppError('invalid', `"${name}" is not a kind of record.`);
  return kind;
}
