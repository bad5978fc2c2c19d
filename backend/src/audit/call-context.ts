import { AsyncLocalStorage } from 'node:async_hooks';
import type { AuditBy } from './note.ts';

/** What is known of the call that something is done in. */
export interface CallContext {
  readonly address: string | null;
  by: AuditBy;
  /** Something has been noted of this call by the work itself. */
  noted: boolean;
}

/** Hands what is known of a call to what is noted deep inside its work, without passing it through every function. */
export class CallContexts {
  readonly #storage = new AsyncLocalStorage<CallContext>();

  run<T>(context: CallContext, work: () => Promise<T>): Promise<T> {
    return this.#storage.run(context, work);
  }

  /** undefined: nobody has called, the server does something by itself. */
  now(): CallContext | undefined {
    return this.#storage.getStore();
  }
}
