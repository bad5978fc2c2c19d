import type { DeviceRole, ImportType, ImportTypeChoice, SimpleType } from '@rackhaus/config/contract';
import { DeviceTypeFile, type Form, facesOf } from '@rackhaus/config/device-types';
import type { Draft } from './draft.ts';
import type { Known } from './known.ts';
import { type Candidate, candidate, maker, match, modelWord } from './likeness.ts';
import { roleInText } from './words.ts';

/** A type that a device can have. */
export interface UsableType {
  /** Negative while it is only drafted. */
  readonly id: number;
  readonly slug: string;
  readonly label: string;
  readonly uHeight: number;
  readonly form: Form;
  readonly fullDepth: boolean;
  readonly hasNetworkPort: boolean;
  /** What it is used as, as far as its ports tell. */
  readonly role: DeviceRole;
}

/** What a row says of its type. */
export interface SaidType {
  readonly manufacturer: string;
  readonly model: string;
  readonly partNumber: string;
  readonly role: string | undefined;
  readonly uHeight: number | null;
  readonly networked: boolean;
}

interface Use {
  readonly text: string;
  readonly said: SaidType;
  rows: number;
  uHeight: number | null;
  networked: boolean;
}

/** Finds the type that manufacturer and model of a row mean: in the inventory, in the library, or by a person's choice. */
export class Types {
  readonly #library: ReadonlyMap<string, DeviceTypeFile>;
  readonly #known: ReadonlyMap<string, Known['types'][number]>;
  readonly #choices: Readonly<Record<string, ImportTypeChoice>>;
  readonly #draft: Draft;
  readonly #candidates: readonly Candidate[];
  readonly #bySlug: ReadonlyMap<string, Candidate>;
  readonly #uses = new Map<string, Use>();
  readonly #matches = new Map<string, { how: 'exact' | 'similar' | null; best: Candidate[] }>();
  readonly #made = new Map<string, UsableType>();
  readonly #roles = new Map<string, string | undefined>();

  constructor(options: {
    library: ReadonlyMap<string, DeviceTypeFile>;
    known: Known;
    choices: Readonly<Record<string, ImportTypeChoice>>;
    draft: Draft;
  }) {
    this.#library = options.library;
    this.#known = new Map(options.known.types.map((row) => [row.slug, row]));
    this.#choices = options.choices;
    this.#draft = options.draft;
    const all = new Map<string, Candidate>();
    for (const { slug, manufacturer, model, part_number } of [
      ...options.library.values(),
      ...options.known.types,
    ])
      all.set(slug, candidate(slug, manufacturer, model, part_number ?? ''));
    this.#bySlug = all;
    this.#candidates = [...all.values()];
  }

  /** What the words of a text are used as; the same texts come again and again. */
  roleIn(text: string): string | undefined {
    if (!this.#roles.has(text)) this.#roles.set(text, roleInText(text));
    return this.#roles.get(text);
  }

  /** Notes what a row says; null when it says nothing of its type. */
  note(said: SaidType): string | null {
    const model = said.model || said.partNumber || said.role || '';
    if (model === '' && said.manufacturer === '') return null;
    const key = `${maker(said.manufacturer)}|${modelWord(model)}`;
    const use = this.#uses.get(key);
    if (use === undefined)
      this.#uses.set(key, {
        text: [said.manufacturer, model].filter((part) => part !== '').join(' '),
        said,
        rows: 1,
        uHeight: said.uHeight,
        networked: said.networked,
      });
    else {
      use.rows++;
      use.uHeight ??= said.uHeight;
      use.networked ||= said.networked;
    }
    return key;
  }

  /** The type of a key that {@link note} gave, drafting it where the inventory does not have it yet. */
  use(key: string): UsableType {
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const { slug, create } = this.#decide(key);
    const type = slug === null ? this.#simple(key, create) : this.#existing(slug);
    this.#made.set(key, type);
    return type;
  }

  /** The type that a text names, when there is little doubt; what is not known is not made. */
  find(text: string): UsableType | undefined {
    const said = { manufacturer: '', model: text, partNumber: '' };
    const { how, best } = match(said, this.#candidates);
    const [first] = best;
    return how === null || first === undefined ? undefined : this.#existing(first.slug);
  }

  /** What {@link use} would give, for screens. */
  list(): ImportType[] {
    return [...this.#uses]
      .map(([key, use]): ImportType => {
        const { slug, how, create } = this.#decide(key);
        const found = slug === null ? undefined : this.#bySlug.get(slug);
        return {
          key,
          text: use.text,
          rows: use.rows,
          how,
          slug,
          label: found?.label ?? `${create.manufacturer} ${create.model}`,
          uHeight: slug === null ? create.uHeight : this.#heightOf(slug),
          suggestions: this.#match(key)
            .best.slice(0, 5)
            .map(({ slug, label }) => ({ slug, label })),
          create,
        };
      })
      .sort((a, b) => order.indexOf(a.how) - order.indexOf(b.how) || b.rows - a.rows);
  }

  /** The name of a type that is only drafted. */
  labelOf(id: number): string {
    return [...this.#made.values()].find((type) => type.id === id)?.label ?? '';
  }

  #decide(key: string): { slug: string | null; how: ImportType['how']; create: SimpleType } {
    const use = this.#uses.get(key);
    if (use === undefined) throw new Error(`No row has the type "${key}".`);
    const choice = this.#choices[key];
    const create = choice !== undefined && 'create' in choice ? choice.create : simpleOf(use);
    if (choice !== undefined)
      return 'slug' in choice && this.#bySlug.has(choice.slug)
        ? { slug: choice.slug, how: 'chosen', create }
        : { slug: null, how: 'create', create };
    const { how, best } = this.#match(key);
    if (how !== null) return { slug: best[0]?.slug ?? null, how, create };
    return { slug: null, how: 'create', create };
  }

  #match(key: string): { how: 'exact' | 'similar' | null; best: Candidate[] } {
    const known = this.#matches.get(key);
    if (known !== undefined) return known;
    const use = this.#uses.get(key);
    const found = use === undefined ? { how: null, best: [] } : match(use.said, this.#candidates);
    this.#matches.set(key, found);
    return found;
  }

  #heightOf(slug: string): number {
    return this.#known.get(slug)?.u_height ?? this.#library.get(slug)?.u_height ?? 1;
  }

  #existing(slug: string): UsableType {
    const row = this.#known.get(slug);
    if (row !== undefined) return knownType(row);
    const file = this.#library.get(slug);
    if (file === undefined) throw new Error(`There is no type "${slug}".`);
    const made = [...this.#made.values()].find((type) => type.slug === slug);
    return made ?? this.#drafted(file);
  }

  #simple(key: string, simple: SimpleType): UsableType {
    const slug = slugOf(`${simple.manufacturer} ${simple.model}`);
    const row = this.#known.get(slug);
    if (row !== undefined) return knownType(row);
    const made = [...this.#made.values()].find((type) => type.slug === slug);
    if (made !== undefined) return made;
    const { manufacturer, model, uHeight, fullDepth } = simple;
    return this.#drafted(
      DeviceTypeFile.parse({
        manufacturer,
        model,
        slug,
        u_height: uHeight,
        is_full_depth: fullDepth,
        ...(this.#uses.get(key)?.networked === true
          ? { interfaces: [{ name: 'mgmt', type: 'other', mgmt_only: true }] }
          : {}),
      }),
    );
  }

  #drafted(file: DeviceTypeFile): UsableType {
    const label = `${file.manufacturer} ${file.model}`;
    return { id: this.#draft.create('device-type', { definition: file }, label, null), ...usable(file) };
  }
}

const order: readonly ImportType['how'][] = ['create', 'similar', 'chosen', 'exact'];

/** A type that the inventory has. */
export function knownType(row: Known['types'][number]): UsableType {
  return { id: row.id, ...usable(DeviceTypeFile.parse(JSON.parse(row.definition))) };
}

function usable(file: DeviceTypeFile): Omit<UsableType, 'id'> {
  return {
    slug: file.slug,
    label: `${file.manufacturer} ${file.model}`,
    uHeight: file.u_height,
    form: facesOf(file).form,
    fullDepth: file.is_full_depth,
    hasNetworkPort: file.interfaces.length > 0,
    role: roleByPorts(file),
  };
}

function roleByPorts(file: DeviceTypeFile): DeviceRole {
  if (file['front-ports'].length > 0) return 'panel';
  if (file['power-outlets'].length > 0)
    return file.interfaces.length > 0 && file.u_height > 1 ? 'ups' : 'pdu';
  return file.interfaces.length >= 8 ? 'switch' : 'other';
}

const deep = new Set(['server', 'storage', 'ups']);

function simpleOf({ said, uHeight }: Use): SimpleType {
  const model = (said.model || said.partNumber || said.role || '–').slice(0, 100);
  const off =
    said.role === 'access-point' ||
    said.role === 'sensor' ||
    said.role === 'printer' ||
    said.role === 'outlet';
  return {
    manufacturer: (said.manufacturer || 'Generic').slice(0, 100),
    model,
    uHeight: Math.min(60, Math.ceil((uHeight ?? (off ? 0 : 1)) * 2) / 2),
    fullDepth: said.role !== undefined && deep.has(said.role),
  };
}

/** As the library forms its slugs. */
export function slugOf(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('+', '-plus')
    .replaceAll(/[^a-z0-9_]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 100);
  return plain === '' ? 'type' : plain;
}
