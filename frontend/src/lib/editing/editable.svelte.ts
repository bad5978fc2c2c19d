import type { DeviceTypeView, RoomView } from '@rackhaus/config/contract';
import { getSession, type Session } from '../access/session.svelte.ts';
import { ApiProblem } from '../api/api.ts';
import { explain } from '../api/explain.ts';
import { getSaid, type Said } from '../history/undo.svelte.ts';
import type { TypesById } from '../rack/geometry.ts';
import { shareTypes } from '../room/share.ts';
import type { Editing } from './editing.svelte.ts';

type Tools = typeof import('./tools.ts');

/** A page whose room can be edited: shows the room as it is, and with what is under way once somebody edits. */
export class Editable {
  readonly #session: Session;
  readonly #said: Said;
  readonly #data: () => RoomView | null;
  #tools = $state.raw<Tools | null>(null);
  #editing = $state.raw<Editing | null>(null);
  #known: TypesById = new Map();
  readonly #types = $derived.by(() => {
    const types: readonly DeviceTypeView[] = this.#data()?.types ?? [];
    this.#known = shareTypes(this.#known, types);
    return this.#known;
  });

  constructor(options: { session: Session; said: Said; data: () => RoomView | null }) {
    this.#session = options.session;
    this.#said = options.said;
    this.#data = options.data;
  }

  get mayEdit(): boolean {
    return ['technician', 'administrator'].includes(this.#session.person?.role ?? 'viewer');
  }
  /** null until somebody has edited here. */
  get tools(): Tools | null {
    return this.#tools;
  }
  get editing(): Editing | null {
    return this.#editing;
  }
  get on(): boolean {
    return this.#editing?.on === true;
  }
  /** Somebody has a device in their hand. */
  get holding(): boolean {
    return this.on && this.#editing?.editor.held !== null;
  }
  get room(): RoomView | null {
    return this.#editing?.editor.room ?? this.#data();
  }
  get types(): TypesById {
    return this.#editing?.editor.types ?? this.#types;
  }

  /** Begins or ends editing; what it needs is fetched first. Says so when it cannot be. */
  async toggle(): Promise<void> {
    if (this.#editing) this.#editing.toggle();
    else if (this.mayEdit) {
      try {
        this.#tools = await import('./tools.ts');
      } catch (error) {
        this.#said.refuse(explain(new ApiProblem('offline', String(error))));
      }
    }
  }

  /** To be called by the session that the tools have brought. */
  begin(editing: Editing): void {
    this.#editing = editing;
    editing.toggle(true);
  }
}

/** To be called while a component is being set up. */
export function useEditable(data: () => RoomView | null): Editable {
  return new Editable({ session: getSession(), said: getSaid(), data });
}
