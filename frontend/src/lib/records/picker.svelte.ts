import type { InventoryRecord, RecordKind, RecordNames } from '@rackhaus/config/contract';
import { fieldsOf } from '@rackhaus/config/contract';
import { ApiProblem } from '../api/api.ts';
import type { Records } from './api.ts';

/** Long enough that a word being typed asks once, short enough that nobody waits. */
const pauseMs = 120;
const shown = 12;

export interface Choice {
  readonly id: number;
  readonly name: string;
  /** Where it is, or what it belongs to. */
  readonly hint: string;
  readonly record: InventoryRecord;
}

/** The records of a kind that fit what somebody types; only the answer to the last question counts. */
export class ChoiceSearch {
  readonly #records: Records;
  #choices: readonly Choice[] = $state.raw([]);
  #problem: ApiProblem | null = $state.raw(null);
  #busy = $state(false);
  #timer: ReturnType<typeof setTimeout> | null = null;
  #abort: AbortController | null = null;

  constructor(options: { records: Records }) {
    this.#records = options.records;
  }

  get choices(): readonly Choice[] {
    return this.#choices;
  }
  get problem(): ApiProblem | null {
    return this.#problem;
  }
  get busy(): boolean {
    return this.#busy;
  }

  /** @param soon do not wait whether more is typed */
  ask(kind: RecordKind, text: string, filter: readonly string[], soon = false): void {
    this.close();
    this.#busy = true;
    this.#timer = setTimeout(() => void this.#fetch(kind, text, filter), soon ? 0 : pauseMs);
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#busy = false;
  }

  async #fetch(kind: RecordKind, q: string, filter: readonly string[]): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const { records, names } = await this.#records.list(kind, { q, filter, size: shown }, abort.signal);
      if (abort.signal.aborted) return;
      this.#choices = records.map((record) => choiceOf(kind, record, names));
      this.#problem = null;
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#choices = [];
      this.#problem = error instanceof ApiProblem ? error : new ApiProblem('internal', String(error));
    }
    this.#busy = false;
  }
}

function choiceOf(kind: RecordKind, record: InventoryRecord, names: RecordNames): Choice {
  const name = names[`${kind}/${record.id}`] ?? String(record.id);
  return { id: record.id, name, hint: placeHint(kind, record, names, name), record };
}

/** The names of what a record belongs to, nearest last; what its own name says already is left out. */
export function placeHint(
  kind: RecordKind,
  record: Readonly<Record<string, unknown>>,
  names: RecordNames,
  name: string,
): string {
  const parts = [...fieldsOf(kind)].flatMap(([field, { meta }]) => {
    const id = record[field];
    if (meta.type !== 'ref' || meta.list !== true || meta.to === 'device-type' || typeof id !== 'number')
      return [];
    const said = names[`${meta.to}/${id}`];
    return said === undefined || name.includes(said) ? [] : [said];
  });
  // "Serverraum neu" says nothing beside "Serverraum neu, Schrank 3".
  return parts
    .filter((part, index) => !parts.some((other, at) => at !== index && other.includes(part)))
    .join(' · ');
}
