import type { RecordKind } from '@rackhaus/config/contract';
import { z } from 'zod';
import { type Api, ApiProblem } from '../api/api.ts';
import { uploadWithProgress } from '../api/upload.ts';
import { quantities } from '../format/index.ts';
import { m } from '../paraglide/messages.js';
import { Records } from '../records/api.ts';
import { problemSentence } from '../records/problem-sentence.ts';

/** As the server: larger files are refused before they are sent. */
export const largestFile = 25_000_000;
/** What the chooser offers; the server looks at the content. */
export const acceptedFiles =
  '.pdf,.png,.jpg,.jpeg,.webp,.svg,.csv,.txt,.xlsx,.docx,.zip,application/pdf,image/png,image/jpeg,image/webp,image/svg+xml';

const Uploaded = z.object({ id: z.int() });

/** One file on its way. */
export class Upload {
  readonly file: File;
  readonly #abort = new AbortController();
  /** 0..1 */
  part = $state(0);
  problem = $state<string | null>(null);

  constructor(file: File) {
    this.file = file;
  }
  get signal(): AbortSignal {
    return this.#abort.signal;
  }
  cancel(): void {
    this.#abort.abort();
  }
}

/** Files that are being attached to an object, one after the other. */
export class Uploads {
  #api: Api;
  #attached: (done: { name: string; changeId: number | null }) => void;
  #list = $state.raw<readonly Upload[]>([]);
  #last: Promise<void> = Promise.resolve();

  constructor(options: { api: Api; attached: (done: { name: string; changeId: number | null }) => void }) {
    this.#api = options.api;
    this.#attached = options.attached;
  }

  get list(): readonly Upload[] {
    return this.#list;
  }

  add(files: Iterable<File>, to: { readonly kind: RecordKind; readonly id: number }): void {
    const added = [...files].map((file) => new Upload(file));
    this.#list = [...this.#list, ...added];
    for (const upload of added) this.#last = this.#last.then(() => this.#send(upload, to));
  }

  /** Stops one, or takes one that failed off the list. */
  drop(upload: Upload): void {
    upload.cancel();
    this.#list = this.#list.filter((each) => each !== upload);
  }

  close(): void {
    for (const upload of this.#list) upload.cancel();
  }

  async #send(upload: Upload, to: { readonly kind: RecordKind; readonly id: number }): Promise<void> {
    const { file, signal } = upload;
    if (signal.aborted) return;
    if (file.size > largestFile) {
      upload.problem = m.attachment_too_large({ most: quantities.bytes(largestFile) });
      return;
    }
    if (file.size === 0) {
      upload.problem = m.attachment_empty();
      return;
    }
    try {
      const { id } = await uploadWithProgress('/api/documents', file, Uploaded, {
        signal,
        onprogress: (part) => {
          upload.part = part;
        },
      });
      const { changeId } = await new Records({ api: this.#api }).create('attachment', {
        subjectKind: to.kind,
        subjectId: to.id,
        documentId: id,
        name: file.name,
      });
      this.#list = this.#list.filter((each) => each !== upload);
      this.#attached({ name: file.name, changeId });
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiProblem)) throw error;
      upload.problem = uploadSentence(error);
    }
  }
}

function uploadSentence(problem: ApiProblem): string {
  if (problem.code === 'too-large') return m.attachment_too_large({ most: quantities.bytes(largestFile) });
  if (problem.code === 'invalid') return m.attachment_wrong_type();
  return problemSentence(problem, 'attachment');
}
