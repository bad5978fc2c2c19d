import type { Database } from '../../database/tables.ts';
import type { LinkKind } from './compatible.ts';
import { aroundNumber, defaultTemplates, type LabelEnd, LabelNumbers, numberIn } from './labels.ts';

/** By which template the cables of each kind are labelled. */
export async function labelTemplates(db: Database): Promise<Readonly<Record<LinkKind, string>>> {
  const rows = await db.selectFrom('label_schemes').select(['link_kind', 'template']).execute();
  return { ...defaultTemplates, ...Object.fromEntries(rows.map((row) => [row.link_kind, row.template])) };
}

type Ends = { readonly a: LabelEnd; readonly b: LabelEnd };

/** The next labels of an installation's schemes; those that it gives are taken for it from then on. */
export class NextLabels {
  readonly #db: Database;
  readonly #templates: Readonly<Record<LinkKind, string>>;
  readonly #given: Set<string>;
  readonly #numbers: LabelNumbers;

  /** @param given labels that cables of the same request have; filled further */
  constructor(options: {
    db: Database;
    templates: Readonly<Record<LinkKind, string>>;
    given: Set<string>;
  }) {
    this.#db = options.db;
    this.#templates = options.templates;
    this.#given = options.given;
    this.#numbers = new LabelNumbers((label) => this.#given.has(label));
  }

  async next(kind: LinkKind, ends: Ends): Promise<string> {
    const template = this.#templates[kind];
    const { before, digits, after } = aroundNumber(template, ends);
    if (!this.#numbers.isKnown(before, after)) {
      if (digits === null) await this.#learnPlain(before);
      else this.#numbers.knows(before, after, await highestNumber(this.#db, before, after));
    }
    const label = this.#numbers.next(template, ends);
    this.#given.add(label);
    return label;
  }

  /** A template without a number: what begins with it may be taken. */
  async #learnPlain(label: string): Promise<void> {
    const rows = await this.#db
      .selectFrom('links')
      .select('label')
      .where('label', '>=', label)
      .where('label', '<', `${label}\u{10ffff}`)
      .limit(1000)
      .execute();
    for (const row of rows) this.#given.add(row.label);
  }
}

/** The largest running number between these texts; 0 when there is none. */
async function highestNumber(db: Database, before: string, after: string): Promise<number> {
  const pageSize = 50;
  // Longer numbers are larger; what is no number at all is passed over.
  for (let offset = 0; ; offset += pageSize) {
    const rows = await db
      .selectFrom('links')
      .select('label')
      .where('label', '>=', before === '' ? '\u0001' : before)
      .where('label', '<', `${before}\u{10ffff}`)
      .where('label', 'like', `%${after.replaceAll(/[%_\\]/g, '')}`)
      .orderBy((e) => e.fn<number>('length', ['label']), 'desc')
      .orderBy('label', 'desc')
      .limit(pageSize)
      .offset(offset)
      .execute();
    const numbers = rows.flatMap(({ label }) => numberIn(label, before, after) ?? []);
    if (numbers.length > 0) return Math.max(...numbers);
    if (rows.length < pageSize) return 0;
  }
}
