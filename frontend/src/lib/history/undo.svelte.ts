import { UndoReply } from '@rackhaus/config/contract';
import { createContext } from 'svelte';
import { type Api, ApiProblem } from '../api/api.ts';
import { m } from '../paraglide/messages.js';

/** What was done, in a sentence, and the change that did it; null when nothing had to be written. */
export interface Done {
  readonly text: string;
  readonly changeId: number | null;
}

interface Saying {
  readonly text: string;
  /** What the button takes back: the change itself, or (after it has been taken back) the taking back. */
  readonly changeId: number | null;
  readonly undoes: boolean;
  readonly refused: boolean;
  /** Takes back what is no change of the documentation. */
  readonly back?: () => Promise<void>;
}

/** So many of one's own changes can be taken back one after the other. */
const remembered = 50;

/** Says what has been done, and takes it back. Every write that succeeds tells it with `show`. */
export class Said {
  #api: Api;
  #now = $state.raw<Saying | null>(null);
  #busy = $state(false);
  /** One's own changes that can still be taken back, the last one at the end; and those taken back. */
  #done: Done[] = [];
  #undone: Done[] = [];

  constructor(options: { api: Api }) {
    this.#api = options.api;
  }

  /** What the toast says now. */
  get saying(): Saying | null {
    return this.#now;
  }
  get busy(): boolean {
    return this.#busy;
  }

  show(done: Done): void {
    this.#now = { ...done, undoes: true, refused: false };
    if (done.changeId === null) return;
    this.#done = [...this.#done, done].slice(-remembered);
    this.#undone = [];
  }

  /** Says what was done that is no change of the documentation, and how it is taken back; `back` says itself how that went. */
  offer(text: string, back: () => Promise<void>): void {
    this.#now = { text, changeId: null, undoes: true, refused: false, back };
  }

  /** Takes back what was offered. @returns whether something was. */
  async back(): Promise<boolean> {
    const back = this.#now?.back;
    if (back === undefined || this.#busy) return false;
    this.#busy = true;
    try {
      await back();
    } finally {
      this.#busy = false;
    }
    return true;
  }

  /** Says why something did not happen. */
  refuse(text: string): void {
    this.#now = { text, changeId: null, undoes: true, refused: true };
  }

  close(): void {
    this.#now = null;
  }

  /** Takes back the last of one's own changes. @returns whether there was one. */
  async undoLast(): Promise<boolean> {
    if (this.#now?.back) return this.back();
    const last = this.#done.at(-1);
    if (last === undefined || this.#busy) return false;
    return this.undo(last);
  }

  /** Does again what was taken back last. */
  async redoLast(): Promise<boolean> {
    const last = this.#undone.at(-1);
    if (last === undefined || this.#busy) return false;
    return this.#takeBack(last, (made) => {
      this.#undone = this.#undone.slice(0, -1);
      this.#done = [...this.#done, made];
      this.#now = { ...made, undoes: true, refused: false };
    });
  }

  /** Takes any change back and says so, or says why not. @returns whether it has been taken back. */
  async undo(done: Done): Promise<boolean> {
    return this.#takeBack(done, (made) => {
      this.#done = this.#done.filter((each) => each.changeId !== done.changeId);
      this.#undone = [...this.#undone, made];
      this.#now = {
        text: m.undo_done({ what: done.text }),
        changeId: made.changeId,
        undoes: false,
        refused: false,
      };
    });
  }

  async #takeBack({ text, changeId }: Done, then: (made: Done) => void): Promise<boolean> {
    if (changeId === null || this.#busy) return false;
    this.#busy = true;
    try {
      const made = await this.#api.send('POST', `/api/changes/${changeId}/undo`, undefined, UndoReply);
      then({ text, changeId: made.changeId });
      return true;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      // What cannot be taken back now will not be offered again and again.
      if (error.code === 'conflict') {
        this.#done = this.#done.filter((each) => each.changeId !== changeId);
        this.#undone = this.#undone.filter((each) => each.changeId !== changeId);
      }
      // Sentences name every kind and field: they come when one is needed.
      const { undoSentence } = await import('./undo-sentence.ts');
      this.refuse(undoSentence(error));
      return false;
    } finally {
      this.#busy = false;
    }
  }
}

export const [getSaid, setSaid] = createContext<Said>();
