import { type RackView, type RecordKind, RoomEditing, type RoomView } from '@rackhaus/config/contract';
import { tick, untrack } from 'svelte';
import { ApiProblem, getApi } from '../api/api.ts';
import { type Resource, useResource } from '../api/resource.svelte.ts';
import { getSaid, type Said } from '../history/undo.svelte.ts';
import type { LiveStore } from '../live/store.svelte.ts';
import { m } from '../paraglide/messages.js';
import type { ViewSide } from '../rack/geometry.ts';
import { Records } from '../records/api.ts';
import { Editor, type Move } from './editor.svelte.ts';
import { FreshDevice } from './fresh.svelte.ts';
import type { Movable } from './where.ts';
import { writeMoves } from './write.ts';

/** A point of the window, and what points there. */
interface Pointer {
  readonly x: number;
  readonly y: number;
  readonly touch: boolean;
}
/** A rectangle that is being drawn around devices to select them. */
interface Band {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface Options {
  readonly room: Resource<RoomView | null>;
  readonly data: () => RoomView | null;
  readonly drawn: (room: RoomView) => readonly RackView[];
  readonly rackName: (id: number) => string;
  readonly side: () => ViewSide;
  /** Shows the other side, where one has to choose. */
  readonly turn: (side: ViewSide) => void;
  readonly records: Records;
  readonly said: Said;
  readonly editing: () => Resource<RoomEditing | null>;
  readonly mayEdit: () => boolean;
}

/** A page on which a room is edited: whether it is, and what all parts of it share. */
export class Editing {
  readonly #options: Options;
  readonly editor: Editor;
  readonly records: Records;
  readonly said: Said;
  readonly fresh: FreshDevice;
  #spoken = $state('');
  #pointer = $state.raw<Pointer | null>(null);
  #band = $state.raw<Band | null>(null);
  /** Devices that shall go to another room: a dialog asks where. */
  leaving = $state.raw<readonly Movable[] | null>(null);

  #on = $state(false);
  /** What is looked for on the shelf. */
  search = $state('');

  constructor(options: Options) {
    this.#options = options;
    this.records = options.records;
    this.said = options.said;
    this.fresh = new FreshDevice({ records: options.records });
    this.editor = new Editor({
      room: options.data,
      editing: () => options.editing().data,
      drawn: options.drawn,
      write: (moves) => this.#write(moves),
      announce: (text) => this.announce(text),
    });
  }
  get mayEdit(): boolean {
    return this.#options.mayEdit();
  }
  get on(): boolean {
    return this.#on && this.mayEdit;
  }
  get data(): RoomEditing | null {
    return this.#options.editing().data;
  }
  /** What screen readers are told. */
  get spoken(): string {
    return this.#spoken;
  }
  get pointer(): Pointer | null {
    return this.#pointer;
  }
  get band(): Band | null {
    return this.#band;
  }
  get side(): ViewSide {
    return this.#options.side();
  }

  toggle(on = !this.on): void {
    this.editor.putBack();
    this.editor.selection.clear();
    this.#on = on && this.mayEdit;
  }
  turn(side: ViewSide): void {
    this.#options.turn(side);
  }
  /** Told twice, the same words are heard twice. */
  announce(text: string): void {
    this.#spoken = text === this.#spoken ? `${text}\u00a0` : text;
  }
  pointAt(pointer: Pointer | null): void {
    this.#pointer = pointer;
  }
  drawBand(band: Band | null): void {
    this.#band = band;
  }

  /** Fetches the room and what goes with it; resolves when both are here, also when another fetch has come between. */
  async refresh(): Promise<void> {
    const { room, editing } = this.#options;
    for (const resource of [room, editing()]) {
      await resource.reload();
      for (let again = 0; again < 3 && resource.loading; again++) await resource.reload();
    }
    await tick();
  }

  /** Takes up the device that is being made; says what is missing if it cannot be. */
  pickUpFresh(by: 'pointer' | 'keyboard'): boolean {
    const { type, name, role, ready } = this.fresh;
    if (!ready || type === null) {
      this.said.refuse(m.editing_new_needs_name());
      return false;
    }
    this.editor.pickUpNew(type, name.trim(), role, by, this.side);
    return true;
  }

  /** Deletes what is selected, as one change that can be undone. */
  async removeSelected(): Promise<void> {
    const items = [...this.editor.selection].flatMap((id) => this.editor.movable(id) ?? []);
    const [first] = items;
    if (!first) return;
    const operations = items.map(({ id, version }) => ({
      op: 'delete' as const,
      kind: 'device' as const,
      id,
      ...(version === undefined ? {} : { version }),
    }));
    const text =
      items.length === 1
        ? m.editing_deleted({ name: first.name })
        : m.editing_deleted_many({ count: items.length });
    await this.attempt(async () => {
      const { changeId } = await this.records.batch(operations);
      this.editor.selection.clear();
      return { text, changeId };
    }, 'device');
  }

  /** Makes a change, says what was done or why not, and fetches the room again. */
  async attempt(
    work: () => Promise<{ text: string; changeId: number | null }>,
    kind: RecordKind,
  ): Promise<boolean> {
    let done = false;
    try {
      this.said.show(await work());
      done = true;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      const { problemSentence } = await import('../records/problem-sentence.ts');
      this.said.refuse(problemSentence(error, kind));
    }
    await this.refresh();
    return done;
  }

  async #write(moves: readonly Move[]): Promise<void> {
    const { records, said, rackName } = this.#options;
    const made = moves.some(({ item }) => item.version === undefined);
    const written = await writeMoves(moves, { records, said, rackName, refresh: () => this.refresh() });
    if (made && written) await this.fresh.next();
  }
}

/** What a page gives to have its room edited. */
export type EditingOptions = Pick<Options, 'room' | 'data' | 'drawn' | 'rackName' | 'side' | 'turn'> & {
  readonly store: () => LiveStore;
};

/** To be called while a component is being set up. */
export function useEditing(options: EditingOptions & Pick<Options, 'mayEdit'>): Editing {
  const api = getApi();
  const roomId = $derived(options.data()?.id ?? null);
  const made: Editing = new Editing({
    ...options,
    records: new Records({ api }),
    said: getSaid(),
    editing: () => editing,
  });
  const editing = useResource(async (signal) => {
    void options.store().revision;
    const q = made.search.trim();
    if (!made.on || roomId === null) return null;
    const query = new URLSearchParams(q === '' ? {} : { q });
    return api.get(`/api/rooms/${roomId}/editing?${query}`, RoomEditing, signal);
  });
  $effect(() => {
    void options.data();
    void editing.data;
    untrack(() => made.editor.arrived());
  });
  return made;
}
