import {
  type DeviceTypeFile,
  facesOf,
  joinRange,
  outlineOf,
  type TypeFaces,
  type TypePort,
} from '@rackhaus/config/contract';
import { m } from '../paraglide/messages.js';
import {
  added,
  type Edited,
  editedOf,
  faultsOf,
  type ItemFault,
  type ItemList,
  type ItemRef,
  itemsOf,
  keyOf,
  moved,
  removed,
  type Side,
  turned,
  unplacedPorts,
  withEdited,
} from './face-model.ts';
import { begin, redo, settle, step, type Timeline, undo } from './timeline.ts';

/** The faces of one type while somebody works on them. */
export class FaceEditor {
  readonly type: DeviceTypeFile;
  readonly #start: Edited;
  #line: Timeline<Edited>;
  #selected = $state.raw<ItemRef | null>(null);
  #side = $state<Side>('front');
  #drawn: TypeFaces;
  #faults: ReadonlyMap<string, ReadonlySet<ItemFault>>;
  #unplaced: readonly TypePort[];

  constructor(type: DeviceTypeFile) {
    this.type = type;
    this.#start = editedOf(type, outlineOf(type));
    this.#line = $state.raw(begin(this.#start));
    this.#drawn = $derived(facesOf(withEdited(this.type, this.#line.present)));
    this.#faults = $derived(faultsOf(this.type, this.#line.present, this.#drawn));
    this.#unplaced = $derived(unplacedPorts(this.type, this.#line.present));
  }

  get edited(): Edited {
    return this.#line.present;
  }
  /** As it is drawn, ports that nobody placed too. */
  get drawn(): TypeFaces {
    return this.#drawn;
  }
  get side(): Side {
    return this.#side;
  }
  get selected(): ItemRef | null {
    const ref = this.#selected;
    return ref !== null && this.items(ref.side).some((item) => keyOf(item) === keyOf(ref)) ? ref : null;
  }
  get canUndo(): boolean {
    return this.#line.past.length > 0;
  }
  get canRedo(): boolean {
    return this.#line.future.length > 0;
  }
  get isChanged(): boolean {
    return this.#line.present !== this.#start;
  }
  get unplaced(): readonly TypePort[] {
    return this.#unplaced;
  }
  /** Nothing but overlaps, which may be kept. */
  get canSave(): boolean {
    return [...this.#faults.values()].every((faults) => [...faults].every((fault) => fault === 'overlap'));
  }

  items(side: Side): ItemRef[] {
    return itemsOf(this.#line.present, side);
  }
  faultsOf(ref: ItemRef): ReadonlySet<ItemFault> {
    return this.#faults.get(keyOf(ref)) ?? new Set();
  }
  get faultCount(): number {
    return this.#faults.size;
  }

  select(ref: ItemRef | null): void {
    this.#selected = ref;
    if (ref !== null) this.#side = ref.side;
    this.#line = settle(this.#line);
  }
  show(side: Side): void {
    this.#side = side;
    this.select(null);
  }

  /** @param key steps with the same key that follow each other are undone as one */
  change(next: Edited, key: string | null = null): void {
    this.#line = step(this.#line, next, key);
  }
  /** Ends a drag: the next one is a step of its own. */
  settle(): void {
    this.#line = settle(this.#line);
  }
  move(ref: ItemRef, by: { dx: number; dy: number }, key: string): void {
    this.change(moved(this.#line.present, ref, by, this.#drawn), `${key} ${keyOf(ref)}`);
  }
  add(list: ItemList | 'name'): void {
    const ports = list === 'groups' ? this.#ofOneKind() : [];
    const { edited, ref } = added(this.#line.present, this.#side, list, this.#drawn, {
      ports,
      portsText: joinRange(ports.map((port) => port.name)) ?? '',
      text: m.types_item_label_text(),
    });
    this.change(edited);
    this.select(ref);
  }
  remove(ref: ItemRef): void {
    this.change(removed(this.#line.present, ref));
    this.select(null);
  }
  turn(ref: ItemRef): void {
    const next = turned(this.#line.present, ref);
    this.change(next.edited);
    this.select(next.ref);
  }
  /** Forgets all that was placed and begins with what is generated. */
  propose(): void {
    const { front: _front, rear: _rear, ...rest } = this.type.rackhaus ?? {};
    const bare = { ...this.type, rackhaus: { ...rest, form: this.#line.present.form } };
    this.change(editedOf(bare, outlineOf(bare)));
    this.select(null);
  }
  undo(): void {
    this.#line = undo(this.#line);
  }
  redo(): void {
    this.#line = redo(this.#line);
  }
  /** The whole type as it would be kept. */
  result(): DeviceTypeFile {
    return withEdited(this.type, this.#line.present);
  }

  /** Ports that nobody placed: those like the first of them, which may stand in one grid. */
  #ofOneKind(): TypePort[] {
    const [first] = this.#unplaced;
    if (first === undefined) return [];
    return this.#unplaced.filter((port) => port.kind === first.kind && port.shape === first.shape);
  }
}
