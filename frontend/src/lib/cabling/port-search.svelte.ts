import { type PortCard, PortStatus, SearchReply } from '@rackhaus/config/contract';
import { type Api, ApiProblem } from '../api/api.ts';
import { placeWords } from '../format/place.ts';
import { Records } from '../records/api.ts';
import { portName, spotText } from './cable-words.ts';

/** Long enough that a word being typed asks once, short enough that nobody waits. */
const pauseMs = 120;
const shown = 20;

/** Something to choose: a port, or a device or an outlet whose ports are offered next. */
export interface PortChoice {
  readonly kind: 'port' | 'device' | 'outlet';
  readonly id: number;
  readonly name: string;
  readonly detail: string;
}
/** Whose ports are offered. */
export interface PortOwner {
  readonly kind: 'device' | 'outlet';
  readonly id: number;
  readonly name: string;
}

/** Ports that fit what somebody types; only the answer to the last question counts. */
export class PortSearch {
  readonly #api: Api;
  readonly #records: Records;
  #choices: readonly PortChoice[] = $state.raw([]);
  #problem: ApiProblem | null = $state.raw(null);
  #busy = $state(false);
  #owner: PortOwner | null = $state.raw(null);
  #timer: ReturnType<typeof setTimeout> | null = null;
  #abort: AbortController | null = null;

  constructor(options: { api: Api }) {
    this.#api = options.api;
    this.#records = new Records({ api: options.api });
  }

  get choices(): readonly PortChoice[] {
    return this.#choices;
  }
  get problem(): ApiProblem | null {
    return this.#problem;
  }
  get busy(): boolean {
    return this.#busy;
  }
  /** The device or outlet that was chosen first; null while all are searched. */
  get owner(): PortOwner | null {
    return this.#owner;
  }

  /** From now on among the ports of this one, or (null) among all. */
  within(owner: PortOwner | null): void {
    this.#owner = owner;
    this.ask('', true);
  }

  /** @param soon do not wait whether more is typed */
  ask(text: string, soon = false): void {
    this.close();
    const wanted = text.trim();
    if (wanted === '' && this.#owner === null) {
      this.#choices = [];
      this.#problem = null;
      return;
    }
    this.#busy = true;
    this.#timer = setTimeout(() => void this.#fetch(wanted), soon ? 0 : pauseMs);
  }

  /** What is known of a port, and what is plugged in there. @throws ApiProblem */
  async status(portId: number): Promise<PortStatus> {
    return this.#api.get(`/api/ports/${portId}/place`, PortStatus);
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#busy = false;
  }

  async #fetch(wanted: string): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const choices = await (this.#owner === null
        ? this.#everywhere(wanted, abort.signal)
        : this.#portsOf(this.#owner, wanted, abort.signal));
      if (abort.signal.aborted) return;
      this.#choices = choices;
      this.#problem = null;
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#choices = [];
      this.#problem = error instanceof ApiProblem ? error : new ApiProblem('internal', String(error));
    }
    this.#busy = false;
  }

  async #everywhere(wanted: string, signal: AbortSignal): Promise<PortChoice[]> {
    const query = new URLSearchParams({ q: wanted });
    const { results } = await this.#api.get(`/api/search?${query}`, SearchReply, signal);
    return results.flatMap(({ kind, id, name, detail }) =>
      kind === 'port' || kind === 'device' || kind === 'outlet'
        ? [{ kind, id, name, detail: placeWords(detail) }]
        : [],
    );
  }

  async #portsOf(owner: PortOwner, wanted: string, signal: AbortSignal): Promise<PortChoice[]> {
    const field = owner.kind === 'device' ? 'deviceId' : 'outletId';
    const query = { q: wanted, size: 200, sort: 'rank', filter: [`${field}:is:${owner.id}`] };
    const { records } = await this.#records.list('port', query, signal);
    return records
      .slice(0, wanted === '' ? 200 : shown)
      .map(({ id, name, label }) => ({ kind: 'port', id, name, detail: label ?? '' }));
  }
}

/** A port that was found otherwise (scanned, proposed) as something to choose. */
export function choiceOf(card: PortCard): PortChoice {
  return { kind: 'port', id: card.id, name: portName(card), detail: spotText(card.spot) };
}
