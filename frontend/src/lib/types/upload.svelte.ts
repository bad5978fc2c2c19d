import { TypeUpload, TypeUploadReply } from '@rackhaus/config/contract';
import { type Api, ApiProblem } from '../api/api.ts';
import { m } from '../paraglide/messages.js';
import { problemSentence } from '../records/problem-sentence.ts';
import type { DroppedFile } from './dropped.ts';
import { pack, packText } from './pack.ts';

/** Types on their way in: chosen, looked at, brought in, and perhaps taken back. */
export class Upload {
  #api: Api;
  #busy = $state(false);
  #preview = $state.raw<TypeUpload | null>(null);
  #done = $state.raw<TypeUploadReply | null>(null);
  #problem = $state<string | null>(null);

  constructor(options: { api: Api }) {
    this.#api = options.api;
  }

  get busy(): boolean {
    return this.#busy;
  }
  get preview(): TypeUpload | null {
    return this.#preview;
  }
  /** What the last bringing in has done. */
  get done(): TypeUploadReply | null {
    return this.#done;
  }
  /** What went wrong, in a sentence. */
  get problem(): string | null {
    return this.#problem;
  }

  files(files: readonly DroppedFile[]): Promise<void> {
    return this.#look(async () => {
      const packed = await pack(files);
      if (packed.kind === 'ready') return this.#api.upload('/api/types/uploads', packed.file, TypeUpload);
      this.#problem = {
        nothing: m.types_pack_nothing,
        'too-large': m.types_pack_too_large,
        'several-archives': m.types_pack_several,
      }[packed.kind]();
      return null;
    });
  }

  text(name: string, text: string): Promise<void> {
    return this.#look(() => this.#api.upload('/api/types/uploads', packText(name, text), TypeUpload));
  }

  /** The types that come with Rackhaus. */
  shipped(): Promise<void> {
    return this.#look(() => this.#api.send('POST', '/api/types/shipped', undefined, TypeUpload));
  }

  async apply(slugs: readonly string[]): Promise<void> {
    const token = this.#preview?.token;
    if (token === undefined) return;
    await this.#guarded(async () => {
      const path = `/api/types/uploads/${token}/apply`;
      this.#done = await this.#api.send('POST', path, { slugs }, TypeUploadReply);
      this.#preview = null;
    });
  }

  cancel(): void {
    this.#preview = null;
    this.#problem = null;
  }

  async #look(send: () => Promise<TypeUpload | null>): Promise<void> {
    this.#done = null;
    await this.#guarded(async () => {
      this.#preview = await send();
    });
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    this.#busy = true;
    this.#problem = null;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.#problem = sentence(error);
    } finally {
      this.#busy = false;
    }
  }
}

function sentence(problem: ApiProblem): string {
  switch (problem.reason) {
    case 'not-an-archive':
      return m.types_not_an_archive();
    case 'archive-too-large':
      return m.types_pack_too_large();
    case 'upload-gone':
      return m.types_upload_gone();
    default:
      return problem.code === 'too-large'
        ? m.types_pack_too_large()
        : problemSentence(problem, 'device-type');
  }
}
