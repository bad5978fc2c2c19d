import {
  type DeviceTypeView,
  type PlacedDevice,
  type RackView,
  type RoomEditing,
  type RoomView,
  takesUnits,
} from '@rackhaus/config/contract';
import { SvelteSet } from 'svelte/reactivity';
import type { TypesById, ViewSide } from '../rack/geometry.ts';
import { shareTypes } from '../room/share.ts';
import { type Fit, fitOf, freePlaces, type Ground, type Place, type Wanted } from './fit.ts';
import { type Held, type HeldItem, hold, placeOfHeld, sideFor } from './hold.ts';
import { faceFor, type Step, stepped } from './steps.ts';
import { type Movable, movables, placeOf, sameWhere, type Where, withMoves } from './where.ts';
import { fitWords, misfitWords, whereWords } from './words.ts';

/** Where what is held would go: a place in a rack, or the shelf, of this room or of none. */
export type Target =
  | { readonly kind: 'rack'; readonly place: Place }
  | { readonly kind: 'shelf'; readonly roomId: number | null };

/** One device on its way to a place. */
export interface Move {
  readonly item: Movable;
  readonly to: Where;
}

export interface Ghost {
  readonly item: HeldItem;
  readonly place: Place;
  /** The side of the rack from which it is seen there. */
  readonly view: ViewSide;
  readonly fit: Fit;
}

interface Options {
  readonly room: () => RoomView | null;
  readonly editing: () => RoomEditing | null;
  /** Racks that are drawn, in their order; what keys lead to. */
  readonly drawn: (room: RoomView) => readonly RackView[];
  /** Writes moves; rejects when they were refused, after having said so. */
  readonly write: (moves: readonly Move[]) => Promise<void>;
  /** Something to be said in words, to everybody, at once. */
  readonly announce: (text: string) => void;
}

/** What is selected, held and on its way in a room that is being edited. Changes nothing by itself: `write` does. */
export class Editor {
  readonly #options: Options;
  readonly selection = new SvelteSet<number>();
  #moves = $state.raw<ReadonlyMap<number, Where>>(new Map());
  #added = $state.raw<readonly PlacedDevice[]>([]);
  #carried = $state.raw<readonly PlacedDevice[]>([]);
  #held = $state.raw<Held | null>(null);
  #target = $state.raw<Target | null>(null);
  #nextId = -1;
  /** Types that are known besides those of the room and its shelf: of devices that are being made. */
  #extraTypes = $state.raw<readonly DeviceTypeView[]>([]);

  readonly #now = $derived.by(() => {
    const room = this.#options.room();
    const editing = this.#options.editing();
    return room === null
      ? null
      : withMoves(room, editing?.shelf ?? [], this.#moves, this.#added, this.#carried);
  });
  readonly types: TypesById = $derived.by(() => {
    const all = [
      ...this.#extraTypes,
      ...(this.#options.editing()?.types ?? []),
      ...(this.#options.room()?.types ?? []),
    ];
    this.#knownTypes = shareTypes(this.#knownTypes, all);
    return this.#knownTypes;
  });
  #knownTypes: TypesById = new Map();
  readonly #movables = $derived.by(() => {
    const editing = this.#options.editing();
    if (this.#now === null || editing === null) return new Map<number, Movable>();
    return movables(this.#now.room, { ...editing, shelf: [...this.#now.shelf] }, this.types);
  });
  readonly #ground = $derived.by((): Ground => {
    const editing = this.#options.editing();
    return {
      racks: this.#now?.room.racks ?? [],
      types: this.types,
      limits: editing?.racks ?? [],
      loads: new Map(editing?.loads.map((load) => [load.id, load])),
    };
  });
  /** Where all that is held would go, and whether it fits; empty when it is held over no rack. */
  readonly ghosts: readonly Ghost[] = $derived.by(() => {
    const held = this.#held;
    if (held === null || this.#target?.kind !== 'rack') return [];
    const { place } = this.#target;
    const racks = this.#drawnRacks();
    const [anchor] = held.items;
    const wanted = held.items.map((item): Wanted => {
      const to = placeOfHeld(held, item, place, racks);
      return { ...item, place: to ?? { ...place, rackId: -1 } };
    });
    const fits = fitOf(wanted, this.#ground);
    return wanted.map(({ place: at }, index) => {
      const item = held.items[index] ?? anchor;
      const fit = fits[index] ?? { misfit: { reason: 'no-rack' }, burdens: [] };
      return { item, place: at, view: faceFor(at.face, item.back), fit };
    });
  });

  constructor(options: Options) {
    this.#options = options;
  }

  /** The room with moves under way. */
  get room(): RoomView | null {
    return this.#now?.room ?? null;
  }
  get shelf() {
    return this.#now?.shelf ?? [];
  }
  get ground(): Ground {
    return this.#ground;
  }
  get held(): Held | null {
    return this.#held;
  }
  get target(): Target | null {
    return this.#target;
  }
  /** Everything that is held can go where it would go. */
  get fits(): boolean {
    if (this.#target === null) return false;
    return this.#target.kind === 'shelf' || this.ghosts.every(({ fit }) => fit.misfit === null);
  }
  /** As a drawing wants to know it. */
  get selected(): ReadonlySet<number> {
    return this.selection;
  }
  readonly heldIds: ReadonlySet<number> = $derived(new Set(this.#held?.items.map(({ id }) => id)));
  readonly movingIds: ReadonlySet<number> = $derived(new Set(this.#moves.keys()));
  movable(id: number): Movable | undefined {
    return this.#movables.get(id);
  }
  rackName(id: number): string {
    return this.room?.racks.find((rack) => rack.id === id)?.name ?? '';
  }

  /** Takes a device up, with all that is selected if it is. `view`: the side from which one looks at it. */
  pickUp(id: number, by: Held['by'], view: ViewSide): boolean {
    const own = this.#movables.get(id);
    if (!own) return false;
    const ids = this.selection.has(id) ? [...this.selection] : [id];
    if (!this.selection.has(id)) this.selectOnly(id);
    const others = ids.flatMap((each) => (each === id ? [] : (this.#movables.get(each) ?? [])));
    this.#hold(own, others, by, view);
    return true;
  }

  /** Takes up a device that does not exist yet. */
  pickUpNew(type: DeviceTypeView, name: string, role: PlacedDevice['role'], by: Held['by'], view: ViewSide) {
    this.#extraTypes = [...this.#extraTypes.filter(({ id }) => id !== type.id), type];
    const where: Where = { roomId: null, rackId: null, position: null, face: view, side: sideFor(type) };
    const item: Movable = { id: this.#nextId--, name, role, type, where, version: undefined };
    this.selection.clear();
    this.#hold(item, [], by, view);
  }

  #hold(own: Movable, others: readonly Movable[], by: Held['by'], view: ViewSide): void {
    this.#held = hold(own, others, by, this.#drawnRacks(), view);
    const from = placeOf(own.where);
    this.#target = from === null ? null : { kind: 'rack', place: from };
    if (by === 'pointer') return;
    if (from === null) this.#aimAtFirst(own, view);
    this.#say();
  }

  /** From the shelf by keyboard: begins at the first free place of the first rack that has one. */
  #aimAtFirst(item: Movable, view: ViewSide): void {
    const racks = this.#drawnRacks();
    const [rack] = racks;
    if (!rack) return;
    const free = racks.flatMap((each) => freePlaces(item, each, view, this.#ground).slice(0, 1))[0];
    const position = takesUnits(item.type) ? 1 : null;
    const place = free ?? { rackId: rack.id, position, face: view, side: sideFor(item.type) };
    this.#target = { kind: 'rack', place };
  }

  /** Points at where what is held would go. */
  aim(target: Target | null): void {
    if (JSON.stringify(target) !== JSON.stringify(this.#target)) this.#target = target;
  }

  /** Moves what is held by a key, and says where it is then. */
  step(step: Step, view: ViewSide, fine: boolean): Target | null {
    const held = this.#held;
    if (held === null || this.#target?.kind !== 'rack') return null;
    const racks = this.#drawnRacks();
    const next = stepped(this.#target.place, step, held.items[0].type, racks, view, fine);
    if (next !== null) this.#target = { kind: 'rack', place: next };
    this.#say();
    return this.#target;
  }

  /** Puts what is held back to where it was. */
  putBack(): void {
    this.#held = null;
    this.#target = null;
  }

  /**
   * Drops what is held. What does not fit is said, and not dropped.
   * @returns whether it was dropped
   */
  drop(): boolean {
    const held = this.#held;
    const target = this.#target;
    if (held === null || target === null) return false;
    const misfit = this.ghosts.find(({ fit }) => fit.misfit !== null);
    if (misfit?.fit.misfit) {
      this.#options.announce(misfitWords(misfit.fit.misfit, misfit.item.name));
      return false;
    }
    const roomId = this.room?.id ?? null;
    const moves = held.items.map((item, index): Move => {
      if (target.kind === 'shelf') {
        const { face } = item.where;
        const to = { roomId: target.roomId, rackId: null, position: null, face, side: sideFor(item.type) };
        return { item, to };
      }
      return { item, to: { roomId, ...(this.ghosts[index]?.place ?? target.place) } };
    });
    this.putBack();
    void this.send(moves.filter(({ item, to }) => item.version === undefined || !sameWhere(item.where, to)));
    return true;
  }

  /** Shows moves as done, and writes them. Those that are refused are shown back where they were. */
  async send(moves: readonly Move[]): Promise<void> {
    if (moves.length === 0) return;
    const fresh = moves.filter(({ item }) => item.version === undefined);
    const ids = new Set(moves.map(({ item }) => item.id));
    this.#carried = [...this.#carried, ...this.#devices().filter(({ id }) => ids.has(id))];
    this.#moves = new Map([...this.#moves, ...moves.map(({ item, to }) => [item.id, to] as const)]);
    this.#added = [...this.#added, ...fresh.map(({ item, to }) => newDevice(item, to))];
    try {
      await this.#options.write(moves);
    } finally {
      this.#moves = new Map([...this.#moves].filter(([id]) => !ids.has(id)));
      this.#added = this.#added.filter(({ id }) => !ids.has(id));
      this.#carried = this.#carried.filter(({ id }) => !ids.has(id));
    }
  }

  selectOnly(...ids: readonly number[]): void {
    this.selection.clear();
    for (const id of ids) this.selection.add(id);
  }
  toggle(id: number): void {
    if (!this.selection.delete(id)) this.selection.add(id);
  }

  /**
   * To be called whenever the room has been fetched again. What somebody else has moved, or taken away, while it is held here is said;
   * the hold goes on from where it is now.
   */
  arrived(): void {
    for (const id of this.selection) if (!this.#movables.has(id)) this.selection.delete(id);
    const held = this.#held;
    if (held === null) return;
    const items = held.items.flatMap((item): HeldItem[] => {
      if (item.version === undefined) return [item];
      const now = this.#movables.get(item.id);
      if (!now) {
        this.#options.announce(fitWords.gone(item.name));
        return [];
      }
      if (!sameWhere(now.where, item.where))
        this.#options.announce(
          fitWords.movedAway(
            item.name,
            whereWords(now.where, this.rackName(now.where.rackId ?? 0), now.type),
          ),
        );
      return [{ ...item, ...now }];
    });
    const [first, ...rest] = items;
    if (!first || first.id !== held.items[0].id) this.putBack();
    else this.#held = { ...held, items: [first, ...rest] };
  }

  #devices(): readonly PlacedDevice[] {
    if (this.#now === null) return [];
    const { room, shelf } = this.#now;
    const lying = shelf.map(({ device }) => ({ ...device, ports: [] }));
    return [...room.racks.flatMap(({ devices }) => devices), ...room.unracked, ...lying];
  }

  #drawnRacks(): readonly RackView[] {
    return this.#now === null ? [] : this.#options.drawn(this.#now.room);
  }

  #say(): void {
    this.#options.announce(this.words());
  }

  /** Where what is held would go, and whether it fits, in words. */
  words(): string {
    if (this.#target === null) return '';
    if (this.#target.kind === 'shelf') return fitWords.shelf(this.#target.roomId === null);
    const [first] = this.ghosts;
    if (!first) return '';
    const worst = this.ghosts.find(({ fit }) => fit.misfit !== null) ?? first;
    return fitWords.at(first, worst, this.rackName(first.place.rackId), this.ghosts.length > 1);
  }
}

function newDevice({ id, name, role, type }: Movable, to: Where): PlacedDevice {
  const { rackId, position, face, side } = to;
  return { id, name, role, typeId: type.id, monitored: false, rackId, position, face, side, ports: [] };
}
