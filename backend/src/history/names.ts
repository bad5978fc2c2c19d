import { fieldsOf, RecordKind } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { chunked, Rows } from './rows.ts';
import type { Row, Specs } from './spec.ts';

const ownerTables = { device: 'devices', outlet: 'outlets' } as const;

/** Gathers records that are referred to and gives them their names, those that have been deleted since too. */
export class Names {
  readonly #db: Database;
  readonly #specs: Specs;
  readonly #wanted = new Map<RecordKind, Set<number>>();

  constructor(options: { db: Database; specs: Specs }) {
    this.#db = options.db;
    this.#specs = options.specs;
  }

  want(kind: RecordKind, id: number): void {
    if (id === 0) return;
    const ids = this.#wanted.get(kind) ?? new Set();
    ids.add(id);
    this.#wanted.set(kind, ids);
  }

  /** Everything that fields of a record refer to. */
  wantReferences(kind: RecordKind, values: Readonly<Record<string, unknown>> | null): void {
    if (values === null) return;
    for (const [name, { meta }] of fieldsOf(kind)) {
      const value = values[name];
      if (meta.type !== 'ref' || typeof value !== 'number') continue;
      const to = RecordKind.safeParse(meta.to);
      if (to.success) this.want(to.data, value);
    }
    const subject = RecordKind.safeParse(values.subjectKind);
    if (subject.success && typeof values.subjectId === 'number') this.want(subject.data, values.subjectId);
  }

  /** @returns labels by `"<kind>/<id>"`; what is not known any more is missing. */
  async all(): Promise<Record<string, string>> {
    const names: Record<string, string> = {};
    const rows = new Rows(this.#db);
    for (const [kind, ids] of this.#wanted) {
      const spec = this.#specs.get(kind);
      if (spec === undefined) continue;
      const found = await rows.byIds(spec.table, [...ids]);
      const owners = kind === 'port' ? await this.#owners(rows, found) : null;
      for (const row of found) {
        const name = spec.nameOf(row);
        names[`${kind}/${row.id}`] = owners === null ? name : `${owners(row)}:${name}`;
      }
      const known = new Set(found.map((row) => row.id));
      const gone = [...ids].filter((id) => !known.has(id));
      for (const [id, name] of await this.#lastNames(kind, gone)) names[`${kind}/${id}`] = name;
    }
    return names;
  }

  /** A port is called by its owner: `<device or outlet>:<port>`. */
  async #owners(rows: Rows, ports: readonly Row[]): Promise<(port: Row) => string> {
    const names = new Map<string, string>();
    for (const [kind, table] of Object.entries(ownerTables)) {
      const ids = ports.flatMap(({ [`${kind}_id`]: id }) => (typeof id === 'number' ? [id] : []));
      for (const row of await rows.byIds(table, [...new Set(ids)]))
        names.set(`${kind}/${row.id}`, String(row.name));
    }
    return (port) => names.get(`device/${port.device_id}`) ?? names.get(`outlet/${port.outlet_id}`) ?? '?';
  }

  /** What deleted records were called last. */
  async #lastNames(kind: RecordKind, ids: readonly number[]): Promise<Map<number, string>> {
    const names = new Map<number, string>();
    for (const part of chunked(ids)) {
      const events = await this.#db
        .selectFrom('change_events')
        .select(['object_id', 'name'])
        .where('kind', '=', kind)
        .where('object_id', 'in', part)
        .where('name', '!=', '')
        .orderBy('id')
        .execute();
      for (const event of events) names.set(event.object_id, event.name);
    }
    return names;
  }
}
