import { ProfileChecked, ProfilePreview, ProfileVersionMade } from '@rackhaus/config/contract';
import { type Api, ApiProblem } from '../api/api.ts';
import { explain } from '../api/explain.ts';
import { m } from '../paraglide/messages.js';

/** Long enough that a word being typed asks once. */
const pauseMs = 400;

/** A text that is being written: checked while it is typed, tried on a device, kept. */
export class ProfileDraft {
  readonly #api: Api;
  #text = $state('');
  #saved = $state('');
  #checked: ProfileChecked | null = $state.raw(null);
  #checking = $state(false);
  #problem: string | null = $state(null);
  #busy = $state(false);
  #preview: { readonly device: string; readonly result: ProfilePreview } | null = $state.raw(null);
  #trying: string | null = $state(null);
  #timer: ReturnType<typeof setTimeout> | null = null;
  #round = 0;

  constructor(options: { api: Api }) {
    this.#api = options.api;
  }

  get text(): string {
    return this.#text;
  }
  set text(text: string) {
    this.#text = text;
    this.#preview = null;
    this.#soon();
  }
  get dirty(): boolean {
    return this.#text !== this.#saved;
  }
  /** What the loader says of the text; null: not known yet. */
  get checked(): ProfileChecked | null {
    return this.#checked;
  }
  get checking(): boolean {
    return this.#checking;
  }
  /** Why the last call failed, in a sentence. */
  get problem(): string | null {
    return this.#problem;
  }
  get busy(): boolean {
    return this.#busy;
  }
  get preview() {
    return this.#preview;
  }
  /** The device that is polled now. */
  get trying(): string | null {
    return this.#trying;
  }

  /** Begins with a text that is kept already. */
  begin(text: string): void {
    this.#saved = text;
    this.#text = text;
    this.#preview = null;
    this.#soon(0);
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#round++;
  }

  async try(device: { id: number; name: string }): Promise<void> {
    this.#trying = device.name;
    this.#preview = null;
    const { text } = this;
    await this.#guarded(async () => {
      const body = { text, deviceId: device.id };
      const result = await this.#api.send('POST', '/api/profiles/preview', body, ProfilePreview);
      if (this.#text === text) this.#preview = { device: device.name, result };
    });
    this.#trying = null;
  }

  /** @returns the version that was made; null: it was refused, `problem` says why */
  async save(options: { note: string; activate: boolean; base: number | null }) {
    const { text } = this;
    return this.#guarded(async () => {
      const made = await this.#api.send('POST', '/api/profiles', { text, ...options }, ProfileVersionMade);
      this.#saved = text;
      return made;
    });
  }

  #soon(waitMs = pauseMs): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#checking = true;
    this.#timer = setTimeout(() => void this.#check(), waitMs);
  }

  async #check(): Promise<void> {
    const round = ++this.#round;
    try {
      const body = { text: this.#text };
      const checked = await this.#api.send('POST', '/api/profiles/check', body, ProfileChecked);
      if (round !== this.#round) return;
      this.#checked = checked;
      this.#problem = null;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (round !== this.#round) return;
      this.#problem = explain(error);
    }
    this.#checking = false;
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T | null> {
    this.#busy = true;
    this.#problem = null;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (error.reason === 'stale') this.#problem = m.prof_stale();
      else if (error.reason === 'not-polled') this.#problem = m.prof_try_not_polled();
      else this.#problem = explain(error);
      return null;
    } finally {
      this.#busy = false;
    }
  }
}
