import { Tag } from './ber.ts';
import { decodeOid } from './oid.ts';
import type { Output } from './output.ts';
import { Pdu, type Request } from './request.ts';
import { absent, full, type OidStore, writeVarBind } from './store.ts';

/** error-status values (RFC 3416 section 3, RFC 1157 section 4.1.1). */
export const ErrorStatus = {
  noError: 0,
  tooBig: 1,
  noSuchName: 2,
  genErr: 5,
  noAccess: 6,
  wrongValue: 10,
  authorizationError: 16,
  notWritable: 17,
} as const;

const noSuchObject = Uint8Array.of(Tag.noSuchObject, 0);
const noSuchInstance = Uint8Array.of(Tag.noSuchInstance, 0);
const endOfMibView = Uint8Array.of(Tag.endOfMibView, 0);

/** PDU header, VarBindList header: the most that they take. */
const pduHeader = 30;

export interface AnswerOptions {
  readonly version1: boolean;
  /** Most bytes that PDU may take. */
  readonly maxPdu: number;
  /** A GETBULK answer holds at most so many VarBinds (net-snmp's agent: 100). */
  readonly maxVarBinds: number;
  /** Takes a SET of one object; the error-status, 0 for done. Left out: whoever asks may not write. */
  readonly set?: (oid: string, value: number | null) => number;
  /** Number to put into the answer; another than the request's is a fault for tests. */
  readonly requestId: number;
}

/** Writes the Response PDU (RFC 3416 section 4.2; for SNMPv1 RFC 1157 section 4.1) into `out`. */
export function answer(request: Request, store: OidStore, options: AnswerOptions, out: Output): void {
  out.reset();
  const result = new Answering(request, store, options, out).run();
  finish(request, result, options, out);
}

/** Writes a Response PDU that only tells an error. */
export function answerError(request: Request, status: number, options: AnswerOptions, out: Output): void {
  out.reset();
  finish(request, { status, index: 0 }, options, out);
}

interface Result {
  readonly status: number;
  readonly index: number;
}

function finish(request: Request, result: Result, options: AnswerOptions, out: Output): void {
  // What was set is repeated (RFC 3416 section 4.2.5), as with errors.
  if (result.status !== ErrorStatus.noError || request.kind === 'set') {
    out.reset();
    // tooBig comes back without VarBinds in SNMPv2 (RFC 3416 section 4.2.1); other errors repeat the request's.
    if (options.version1 || result.status !== ErrorStatus.tooBig) {
      const asked = request.bytes.subarray(request.varBindsFrom, request.varBindsTo);
      out.bytes.set(asked, out.start);
      out.end = out.start + asked.length;
    }
  }
  out.wrap(Tag.sequence);
  out.prependInteger(result.index);
  out.prependInteger(result.status);
  out.prependInteger(options.requestId);
  out.wrap(Pdu.response);
}

const ok: Result = { status: ErrorStatus.noError, index: 0 };

class Answering {
  readonly #request: Request;
  readonly #store: OidStore;
  readonly #version1: boolean;
  readonly #out: Output;
  readonly #end: number;
  readonly #maxVarBinds: number;
  readonly #options: AnswerOptions;

  constructor(request: Request, store: OidStore, options: AnswerOptions, out: Output) {
    this.#request = request;
    this.#store = store;
    this.#version1 = options.version1;
    this.#out = out;
    this.#options = options;
    this.#end = Math.min(out.bytes.length, out.start + options.maxPdu - pduHeader);
    this.#maxVarBinds = options.maxVarBinds;
  }

  run(): Result {
    switch (this.#request.kind) {
      case 'get':
        return this.#each((from, to) => this.#get(from, to));
      case 'next':
        return this.#each((from, to) => this.#next(from, to));
      case 'set':
        return this.#set();
      case 'bulk':
        return this.#bulk();
    }
  }

  #each(write: (from: number, to: number) => 'done' | 'missing' | 'full'): Result {
    const { oids } = this.#request;
    for (let at = 0; at < oids.length; at += 2) {
      const outcome = write(oids[at] ?? 0, oids[at + 1] ?? 0);
      if (outcome === 'full') return { status: ErrorStatus.tooBig, index: 0 };
      if (outcome === 'missing') return { status: ErrorStatus.noSuchName, index: at / 2 + 1 };
    }
    return ok;
  }

  #get(from: number, to: number): 'done' | 'missing' | 'full' {
    const index = this.#store.exact(this.#request.bytes, from, to);
    if (index >= 0 && this.#write(index)) return 'done';
    if (index >= 0 && this.#full) return 'full';
    if (this.#version1) return 'missing';
    return this.#exception(from, to, this.#knowsObject(from, to) ? noSuchInstance : noSuchObject);
  }

  #next(from: number, to: number): 'done' | 'missing' | 'full' {
    const index = this.#writeFrom(this.#store.after(this.#request.bytes, from, to));
    if (index < this.#store.size) return 'done';
    if (this.#full) return 'full';
    return this.#version1 ? 'missing' : this.#exception(from, to, endOfMibView);
  }

  #bulk(): Result {
    const { oids, nonRepeaters, maxRepetitions } = this.#request;
    const count = oids.length / 2;
    const single = Math.min(nonRepeaters, count);
    let written = 0;
    for (let column = 0; column < single; column++, written++) {
      if (this.#next(oids[column * 2] ?? 0, oids[column * 2 + 1] ?? 0) === 'full') return this.#cut(written);
    }
    const columns: Column[] = [];
    for (let column = single; column < count; column++) {
      const from = oids[column * 2] ?? 0;
      const to = oids[column * 2 + 1] ?? 0;
      columns.push({
        index: this.#store.after(this.#request.bytes, from, to),
        last: this.#request.bytes.subarray(from, to),
      });
    }
    for (let repetition = 0; repetition < maxRepetitions && columns.length > 0; repetition++) {
      let ended = 0;
      for (const column of columns) {
        if (written >= this.#maxVarBinds) return ok;
        const index = this.#writeFrom(column.index);
        if (this.#full) return this.#cut(written);
        written++;
        if (index < this.#store.size) {
          column.last = this.#store.oid(index);
          column.index = this.#store.following(index);
        } else {
          if (!this.#put(column.last, endOfMibView)) return this.#cut(written - 1);
          column.index = index;
          ended++;
        }
      }
      if (ended === columns.length) break;
    }
    return ok;
  }

  /** What fitted is the answer; nothing at all is tooBig. */
  #cut(written: number): Result {
    return written > 0 ? ok : { status: ErrorStatus.tooBig, index: 0 };
  }

  /** Everything is read-only. */
  /** One object at a time: several would have to be done all or none. */
  #set(): Result {
    const { bytes, oids, integers } = this.#request;
    const [from, to] = oids;
    const set = this.#options.set;
    if (from === undefined || to === undefined) return ok;
    if (set === undefined) return this.#refuse(from, to);
    if (oids.length > 2) return { status: ErrorStatus.genErr, index: 1 };
    const status = set(decodeOid(bytes.subarray(from, to)), integers[0] ?? null);
    return { status, index: status === ErrorStatus.noError ? 0 : 1 };
  }

  #refuse(from: number, to: number): Result {
    if (this.#version1) return { status: ErrorStatus.noSuchName, index: 1 };
    const known = this.#store.exact(this.#request.bytes, from, to) >= 0;
    return { status: known ? ErrorStatus.notWritable : ErrorStatus.noAccess, index: 1 };
  }

  #full = false;

  /** Writes the entry; false when it is absent, or too large (then `#full` is set). */
  #write(index: number): boolean {
    const before = this.#out.end;
    const after = this.#store.write(index, this.#out.bytes, before, this.#end);
    if (after === full) this.#full = true;
    if (after === absent || after === full) return false;
    // SNMPv1 has no Counter64: such an object does not exist for it (RFC 3584 section 4.2.2.1).
    if (this.#version1 && this.#valueTag(index, before) === Tag.counter64) return false;
    this.#out.end = after;
    return true;
  }

  /** Writes the first entry from `index` on that is there; returns its index, or the store's size. */
  #writeFrom(index: number): number {
    let tries = 0;
    while (index < this.#store.size && !this.#write(index)) {
      // A store that walks in circles must not hold the process.
      if (this.#full || ++tries > this.#store.size) return this.#store.size;
      index = this.#store.following(index);
    }
    return index;
  }

  #valueTag(index: number, at: number): number {
    const oidLength = this.#store.oid(index).length;
    const lengthAt = (place: number) =>
      (this.#out.bytes[place] ?? 0) < 0x80 ? 1 : 1 + ((this.#out.bytes[place] ?? 0) & 0x7f);
    const oidAt = at + 1 + lengthAt(at + 1);
    return this.#out.bytes[oidAt + 1 + lengthAt(oidAt + 1) + oidLength] ?? 0;
  }

  #put(oid: Uint8Array, value: Uint8Array): boolean {
    const after = writeVarBind(this.#out.bytes, this.#out.end, this.#end, oid, value);
    if (after === full) return false;
    this.#out.end = after;
    return true;
  }

  #exception(from: number, to: number, value: Uint8Array): 'done' | 'full' {
    return this.#put(this.#request.bytes.subarray(from, to), value) ? 'done' : 'full';
  }

  /** Another instance of the same object exists: something lies below the asked OID's parent. */
  #knowsObject(from: number, to: number): boolean {
    const { bytes } = this.#request;
    let parentEnd = to - 1;
    while (parentEnd > from && ((bytes[parentEnd - 1] ?? 0) & 0x80) !== 0) parentEnd--;
    if (parentEnd <= from) return false;
    const index = this.#store.after(bytes, from, parentEnd);
    if (index >= this.#store.size) return false;
    const oid = this.#store.oid(index);
    for (let at = from; at < parentEnd; at++) if (oid[at - from] !== bytes[at]) return false;
    return true;
  }
}

interface Column {
  index: number;
  last: Uint8Array;
}
