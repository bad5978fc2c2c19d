import { fieldsOf, type RecordKind } from '@rackhaus/config/contract';
import { type Field, type FieldInput, type ReadField, readInput, toInput } from './field-input.ts';
import { sameValue } from './merge.ts';

type Values = Readonly<Record<string, unknown>>;

/** A record being edited, or one that is to be: what the inputs hold, what is wrong with it, what has changed. */
export class Draft {
  readonly kind: RecordKind;
  readonly fields: readonly string[];
  readonly #declared: ReadonlyMap<string, Field>;
  readonly #isNew: boolean;
  #base: Values = $state.raw({});
  #inputs: Record<string, FieldInput> = $state({});
  #touched: Record<string, true> = $state({});
  #tried = $state(false);

  /** @param values of the record, or of a new one: what is not given has its initial value */
  constructor(options: {
    kind: RecordKind;
    fields: readonly string[];
    isNew: boolean;
    values: Values;
    initial?: Values;
  }) {
    this.kind = options.kind;
    this.fields = options.fields;
    this.#isNew = options.isNew;
    this.#declared = fieldsOf(options.kind);
    this.#base = options.values;
    const start = { ...options.values, ...options.initial };
    for (const field of options.fields)
      this.#inputs[field] = toInput(this.field(field), this.#startOf(field, start));
  }

  #startOf(field: string, values: Values): unknown {
    return field in values ? values[field] : this.field(field).meta.initial;
  }

  field(name: string): Field {
    const declared = this.#declared.get(name);
    if (declared === undefined) throw new Error(`A ${this.kind} has no field "${name}".`);
    return declared;
  }

  /** Given when the record is made, and this one is made. */
  isFixed(name: string): boolean {
    return !this.#isNew && this.field(name).meta.fixed === true;
  }

  input(name: string): FieldInput {
    return this.#inputs[name] ?? null;
  }
  set(name: string, input: FieldInput): void {
    this.#inputs[name] = input;
  }
  /** Takes values over as if they had been typed. */
  take(values: Values): void {
    for (const field of this.fields)
      if (field in values) this.#inputs[field] = toInput(this.field(field), values[field]);
  }
  /** From now on this is what is stored. */
  rebase(values: Values): void {
    this.#base = values;
  }
  touch(name: string): void {
    this.#touched[name] = true;
  }
  /** Somebody tried to save: now all that is wrong is shown. */
  try(): void {
    this.#tried = true;
  }

  #read: ReadonlyMap<string, ReadField> = $derived.by(() => this.#readAll());
  #readAll(): ReadonlyMap<string, ReadField> {
    return new Map(this.fields.map((field) => [field, readInput(this.field(field), this.input(field))]));
  }

  /** What is wrong with a field, once somebody has been there. */
  error(name: string): string | undefined {
    if (!this.#tried && !this.#touched[name]) return undefined;
    const read = this.#read.get(name);
    return read === undefined || read.ok || this.isFixed(name) ? undefined : read.sentence;
  }
  get invalid(): readonly string[] {
    return this.fields.filter((field) => !this.isFixed(field) && this.#read.get(field)?.ok === false);
  }
  /** Values by the contract; what cannot be read is left out. */
  get values(): Record<string, unknown> {
    const values: Record<string, unknown> = {};
    for (const [field, read] of this.#read) if (read.ok) values[field] = read.value;
    return values;
  }
  /** Only what differs from what is stored. */
  get changed(): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(this.values).filter(
        ([field, value]) => !this.isFixed(field) && !sameValue(value, this.#base[field]),
      ),
    );
  }
  /** Something would be lost by leaving: an input no longer shows what is stored. */
  get dirty(): boolean {
    return this.fields.some((field) => {
      const stored = toInput(this.field(field), this.#startOf(field, this.#base));
      return !this.isFixed(field) && this.input(field) !== stored;
    });
  }
}
