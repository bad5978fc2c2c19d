import { createContext } from 'svelte';
import { ApiProblem } from '../api/api.ts';

/** Has people show again that it is they where the backend asks for it, and then does what they wanted. */
export class Confirm {
  #waiting = $state.raw<((confirmed: boolean) => void) | null>(null);

  /** The dialog is to be shown. */
  get asking(): boolean {
    return this.#waiting !== null;
  }

  /** Does it, once more after the dialog where that is needed. @throws ApiProblem with the reason `given-up` when it is put away */
  async run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.reason !== 'confirm') throw error;
    }
    const confirmed = await new Promise<boolean>((resolve) => {
      this.#waiting = resolve;
    });
    if (!confirmed) throw new ApiProblem('forbidden', 'given up', [], { reason: 'given-up' });
    return work();
  }

  /** The dialog is done. */
  settle(confirmed: boolean): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.(confirmed);
  }
}

export const [getConfirm, setConfirm] = createContext<Confirm>();
