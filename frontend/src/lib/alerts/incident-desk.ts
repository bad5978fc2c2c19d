import type { IncidentSummary } from '@rackhaus/config/contract';
import { type Api, ApiProblem } from '../api/api.ts';
import { explain } from '../api/explain.ts';
import { quantities } from '../format/index.ts';
import type { Said } from '../history/undo.svelte.ts';
import { m } from '../paraglide/messages.js';

type Which = Pick<IncidentSummary, 'id' | 'snoozedUntil'>;

/** What a person does with an incident; each says what it did and offers to take it back. Failures are said, never thrown. */
export class IncidentDesk {
  #api: Api;
  #said: Said;
  #now: () => number;

  constructor(options: { api: Api; said: Said; now: () => number }) {
    this.#api = options.api;
    this.#said = options.said;
    this.#now = options.now;
  }

  async acknowledge({ id }: Which): Promise<boolean> {
    if (!(await this.#post(id, 'acknowledge'))) return false;
    this.#said.offer(m.alert_said_acknowledged(), () =>
      this.#back(id, 'unacknowledge', m.alert_said_unacknowledged()),
    );
    return true;
  }

  /** `until` null wakes it. */
  async snooze({ id, snoozedUntil }: Which, until: number | null): Promise<boolean> {
    if (!(await this.#post(id, 'snooze', { until }))) return false;
    const back = snoozedUntil !== null && snoozedUntil > this.#now() ? snoozedUntil : null;
    this.#said.offer(this.#snoozed(until), () =>
      this.#back(id, 'snooze', this.#snoozed(back), { until: back }),
    );
    return true;
  }

  /** Needs no way back: what is still seen opens it again. */
  async resolve({ id }: Which, text: string): Promise<boolean> {
    if (!(await this.#post(id, 'resolve', { text: text === '' ? null : text }))) return false;
    this.#said.show({ text: m.alert_said_resolved(), changeId: null });
    return true;
  }

  /** @returns why it failed, in a sentence; null when it did not. */
  async note({ id }: Which, text: string): Promise<string | null> {
    try {
      await this.#api.order('POST', `/api/incidents/${id}/note`, { text });
      return null;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      return explain(error);
    }
  }

  #snoozed(until: number | null): string {
    return until === null
      ? m.alert_said_woken()
      : m.alert_said_snoozed({ time: quantities.moment(until, this.#now()) });
  }

  async #back(id: number, deed: string, text: string, body?: unknown): Promise<void> {
    if (await this.#post(id, deed, body)) this.#said.show({ text, changeId: null });
  }

  async #post(id: number, deed: string, body: unknown = {}): Promise<boolean> {
    try {
      await this.#api.order('POST', `/api/incidents/${id}/${deed}`, body);
      return true;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.#said.refuse(explain(error));
      return false;
    }
  }
}
