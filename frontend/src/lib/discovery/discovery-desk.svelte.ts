import type { AcceptedFound, FoundDevice } from '@rackhaus/config/contract';
import { type Api, ApiProblem } from '../api/api.ts';
import { explain } from '../api/explain.ts';
import type { Said } from '../history/undo.svelte.ts';
import { m } from '../paraglide/messages.js';

/** What is done with searches and with what they found: each says how it went, and is taken back where that can be. */
export class DiscoveryDesk {
  readonly #api: Api;
  readonly #said: Said;
  readonly #changed: () => void;
  #busy = $state(false);
  #left: AcceptedFound['left'] = $state.raw([]);

  constructor(options: { api: Api; said: Said; changed: () => void }) {
    this.#api = options.api;
    this.#said = options.said;
    this.#changed = options.changed;
  }

  get busy(): boolean {
    return this.#busy;
  }
  /** Of what was to be taken over last, what was left, and why. */
  get left(): AcceptedFound['left'] {
    return this.#left;
  }

  async start(scan: { id: number; name: string }): Promise<void> {
    await this.#guarded(async () => {
      await this.#api.order('POST', `/api/discovery/scans/${scan.id}/run`);
      this.#said.show({ text: m.disc_started({ name: scan.name }), changeId: null });
    });
  }

  async cancel(runId: number): Promise<void> {
    await this.#guarded(() => this.#api.order('POST', `/api/discovery/runs/${runId}/cancel`));
  }

  async remove(scan: { id: number; name: string }): Promise<boolean> {
    return this.#guarded(async () => {
      await this.#api.order('DELETE', `/api/discovery/scans/${scan.id}`);
      this.#said.show({ text: m.disc_deleted({ name: scan.name }), changeId: null });
    });
  }

  /** Says what was taken over, and offers to take that back. */
  accepted(done: AcceptedFound): void {
    this.#left = done.left;
    const count = done.devices.length;
    if (count > 0) this.#said.show({ text: m.disc_accepted({ count }), changeId: done.changeId });
    else this.#said.refuse(m.disc_accepted_none());
    this.#changed();
  }

  ignored(devices: readonly FoundDevice[]): void {
    this.#said.offer(m.disc_ignored_done({ count: devices.length }), () => this.reopen(devices));
    this.#changed();
  }

  async reopen(devices: readonly FoundDevice[]): Promise<void> {
    await this.#guarded(async () => {
      await this.#api.order('POST', '/api/discovery/found/reopen', { ids: devices.map(({ id }) => id) });
      this.#said.show({ text: m.disc_reopened({ count: devices.length }), changeId: null });
    });
  }

  async forget(devices: readonly FoundDevice[]): Promise<void> {
    await this.#guarded(async () => {
      await this.#api.order('POST', '/api/discovery/found/forget', { ids: devices.map(({ id }) => id) });
      this.#said.show({ text: m.disc_forgotten({ count: devices.length }), changeId: null });
    });
  }

  async #guarded(work: () => Promise<void>): Promise<boolean> {
    this.#busy = true;
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.#said.refuse(explain(error));
      return false;
    } finally {
      this.#busy = false;
      this.#changed();
    }
  }
}
