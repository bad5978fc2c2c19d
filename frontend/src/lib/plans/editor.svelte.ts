import type { MarkKind, PlanMark, PlanView } from '@rackhaus/config/contract';
import { distance, normalTurn, type Point, within } from './geometry.ts';
import { snap } from './snap.ts';
import { type Subject, subjectKey, subjectsOf } from './subjects.ts';
import type { PlanWrites } from './writes.ts';

/** A rack, outlet or device in the hand: new on the plan, or taken from where it stood. */
export interface Carried {
  readonly subject: Subject;
  readonly mark: PlanMark | null;
  readonly point: Point;
  readonly turn: number;
}
/** A room that is being drawn; `cursor` is where the next corner would be. */
export interface Draft {
  readonly subject: Subject;
  readonly corners: readonly Point[];
  readonly cursor: Point | null;
}
/** A room whose corners are being moved. */
interface Reshaped {
  readonly mark: PlanMark;
  readonly points: readonly Point[];
}
type Shown = Pick<PlanMark, 'points' | 'turn'>;

/** What a person does to a plan: choose, carry, draw, measure. What is written shows at once, before the server has answered. */
export class PlanEditor {
  #plan: () => PlanView | null;
  #writes: PlanWrites;
  #editing = $state(false);
  #selectedId = $state<number | null>(null);
  #carried = $state.raw<Carried | null>(null);
  #draft = $state.raw<Draft | null>(null);
  #reshaped = $state.raw<Reshaped | null>(null);
  #measured = $state.raw<readonly Point[] | null>(null);
  /** What has been written and not been read again yet: by mark with the version that it replaces, and new ones. */
  #written = $state.raw<ReadonlyMap<number, Shown & { readonly version: number }>>(new Map());
  #placed = $state.raw<readonly PlanMark[]>([]);
  #confirmed = new Set<number>();
  /** Taken away, by mark with the version that was; a mark that has come back has another one. */
  #removed = $state.raw<ReadonlyMap<number, number>>(new Map());
  /** New marks have no number yet; on screen they are told apart by negative ones. */
  #lastNew = 0;
  readonly subjects = $derived.by(() => {
    const plan = this.#plan();
    return plan === null ? new Map<string, Subject>() : subjectsOf(plan);
  });
  /** The marks as they are shown. */
  readonly marks = $derived.by((): readonly PlanMark[] => {
    const known = this.#plan()?.marks ?? [];
    const placed = this.#placed.filter(
      (mark) => !known.some(({ kind, subjectId }) => kind === mark.kind && subjectId === mark.subjectId),
    );
    return [...known, ...placed].flatMap((mark) => {
      if (this.#removed.get(mark.id) === mark.version) return [];
      if (this.#reshaped?.mark.id === mark.id) return { ...mark, points: [...this.#reshaped.points] };
      const written = this.#written.get(mark.id);
      return written?.version === mark.version
        ? { ...mark, points: written.points, turn: written.turn }
        : mark;
    });
  });

  constructor(options: { plan: () => PlanView | null; writes: PlanWrites }) {
    this.#plan = options.plan;
    this.#writes = options.writes;
  }

  get editing(): boolean {
    return this.#editing;
  }
  get carried(): Carried | null {
    return this.#carried;
  }
  get draft(): Draft | null {
    return this.#draft;
  }
  /** Set points of a stretch whose length is to be told; null while nothing is measured. */
  get measured(): readonly Point[] | null {
    return this.#measured;
  }
  get selected(): PlanMark | null {
    return this.marks.find((mark) => mark.id === this.#selectedId) ?? null;
  }
  /** A pointer or key now means something else than looking around. */
  get busy(): boolean {
    return this.#carried !== null || this.#draft !== null || this.#measured !== null;
  }
  subjectOf(mark: Pick<PlanMark, 'kind' | 'subjectId'>): Subject | null {
    return this.subjects.get(subjectKey(mark.kind, mark.subjectId)) ?? null;
  }

  edit(on: boolean): void {
    this.cancel();
    this.#selectedId = null;
    this.#editing = on;
  }
  select(mark: PlanMark | null): void {
    if (this.#reshaped !== null) void this.keepShape();
    this.#selectedId = mark?.id ?? null;
  }

  /** Takes something into the hand: a room begins to be drawn, all else is carried from `point`. */
  take(kind: MarkKind, id: number, point: Point): void {
    this.cancel();
    const subject = this.subjects.get(subjectKey(kind, id));
    if (subject === undefined) return;
    const mark = this.marks.find((each) => each.kind === kind && each.subjectId === id) ?? null;
    // On its way to the server: a moment later it can be taken.
    if (mark !== null && mark.id < 0) return;
    this.#selectedId = mark?.id ?? null;
    if (kind === 'room') {
      if (mark === null) this.#draft = { subject, corners: [], cursor: point };
      return;
    }
    this.#carried = { subject, mark, point: mark?.points[0] ?? point, turn: mark?.turn ?? 0 };
  }
  carryTo(point: Point): void {
    const plan = this.#plan();
    if (this.#carried !== null && plan !== null)
      this.#carried = { ...this.#carried, point: within(point, plan) };
  }
  turn(degrees: number): void {
    if (this.#carried !== null)
      this.#carried = { ...this.#carried, turn: normalTurn(this.#carried.turn + degrees) };
    else if (this.selected !== null && this.selected.kind !== 'room')
      void this.#keep(this.selected, this.selected.points, normalTurn(this.selected.turn + degrees));
  }
  /** Puts down what is carried. @returns whether it has been written. */
  async drop(): Promise<boolean> {
    const carried = this.#carried;
    this.#carried = null;
    if (carried === null) return false;
    const { mark, point, turn, subject } = carried;
    if (mark === null) return this.#place(subject, [point], turn);
    const [before] = mark.points;
    if (before !== undefined && distance(before, point) < 1e-6 && mark.turn === turn) return true;
    return this.#keep(mark, [point], turn);
  }

  /** Where the next corner of the room would be. `reach` null: exactly there. */
  aim(point: Point, reach: number | null): void {
    const plan = this.#plan();
    if (this.#draft === null || plan === null) return;
    const { corners } = this.#draft;
    const cursor = within(point, plan);
    this.#draft = {
      ...this.#draft,
      cursor:
        reach === null ? cursor : this.#snapped(cursor, reach, corners, [corners.at(-1), corners[0]], null),
    };
  }
  /** Sets a corner where the cursor is; on the first one it closes the room. */
  async setCorner(): Promise<void> {
    const draft = this.#draft;
    if (draft?.cursor == null) return;
    const { corners, cursor } = draft;
    const again = corners.findIndex((corner) => distance(corner, cursor) < 1e-6);
    if (again === 0 && corners.length >= 3) await this.close();
    else if (again === -1) this.#draft = { ...draft, corners: [...corners, cursor] };
  }
  takeCornerBack(): void {
    if (this.#draft !== null) this.#draft = { ...this.#draft, corners: this.#draft.corners.slice(0, -1) };
  }
  /** The room is drawn. */
  async close(): Promise<void> {
    const draft = this.#draft;
    if (draft === null || draft.corners.length < 3) return;
    this.#draft = null;
    await this.#place(draft.subject, draft.corners, 0);
  }

  /** Makes a corner in the middle of an edge of the chosen room. @returns its place among the corners. */
  addCorner(edge: number): number {
    const mark = this.selected;
    const [a, b] = [mark?.points[edge], mark?.points[(edge + 1) % (mark?.points.length ?? 1)]];
    if (mark === null || a === undefined || b === undefined) return edge;
    const middle: Point = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    this.#reshaped = { mark: this.#known(mark), points: mark.points.toSpliced(edge + 1, 0, middle) };
    return edge + 1;
  }
  moveCorner(index: number, point: Point, reach: number | null): void {
    const mark = this.selected;
    const plan = this.#plan();
    if (mark === null || plan === null || mark.kind !== 'room') return;
    const { points } = mark;
    const to = within(point, plan);
    const next = points[(index + 1) % points.length];
    const snapped = reach === null ? to : this.#snapped(to, reach, [], [points.at(index - 1), next], mark.id);
    this.#reshaped = { mark: this.#known(mark), points: points.toSpliced(index, 1, snapped) };
  }
  /** Takes a corner away and writes it down; three have to stay. */
  async removeCorner(index: number): Promise<void> {
    const mark = this.selected;
    if (mark === null || mark.points.length <= 3) return;
    this.#reshaped = { mark: this.#known(mark), points: mark.points.toSpliced(index, 1) };
    await this.keepShape();
  }
  /** Writes the corners down as they are now. */
  async keepShape(): Promise<void> {
    const reshaped = this.#reshaped;
    if (reshaped === null) return;
    const kept = this.#keep(reshaped.mark, reshaped.points, 0);
    this.#reshaped = null;
    await kept;
  }

  measure(): void {
    this.cancel();
    this.#measured = [];
  }
  measureAt(point: Point): void {
    const plan = this.#plan();
    if (this.#measured !== null && this.#measured.length < 2 && plan !== null)
      this.#measured = [...this.#measured, within(point, plan)];
  }

  async remove(mark: PlanMark): Promise<boolean> {
    this.#carried = null;
    this.#reshaped = null;
    this.#selectedId = null;
    this.#removed = new Map([...this.#removed, [mark.id, mark.version]]);
    const done = await this.#writes.remove(mark, this.subjectOf(mark)?.name ?? '');
    if (!done) this.#removed = new Map([...this.#removed].filter(([id]) => id !== mark.id));
    return done;
  }
  /** Nothing is in the hand any more; what was not written stays as it was. */
  cancel(): void {
    this.#carried = null;
    this.#draft = null;
    this.#reshaped = null;
    this.#measured = null;
  }

  async #place(subject: Subject, points: readonly Point[], turn: number): Promise<boolean> {
    const plan = this.#plan();
    if (plan === null) return false;
    const { kind, id: subjectId } = subject;
    const mark = { id: --this.#lastNew, version: 0, kind, subjectId, points: [...points], turn };
    this.#placed = [...this.#placed, mark];
    const made = await this.#writes.place(plan.id, subject, points, turn);
    if (made === null) {
      this.#forget(mark.id);
      return false;
    }
    // Until the plan is read again it stands in for the server's, and can already be moved.
    this.#placed = this.#placed.map((each) => (each.id === mark.id ? { ...mark, ...made } : each));
    this.#confirmed.add(made.id);
    return true;
  }
  async #keep(mark: PlanMark, points: readonly Point[], turn: number): Promise<boolean> {
    this.#written = new Map([
      ...this.#written,
      [mark.id, { points: [...points], turn, version: mark.version }],
    ]);
    const done = await this.#writes.move(mark, this.subjectOf(mark)?.name ?? '', points, turn);
    if (!done) this.#forget(mark.id);
    return done;
  }
  /** What was shown ahead of the server did not happen. */
  #forget(id: number): void {
    this.#written = new Map([...this.#written].filter(([markId]) => markId !== id));
    this.#placed = this.#placed.filter((mark) => mark.id !== id);
  }
  /** To be called when the plan has been read again: it says all that was answered until then. */
  read(): void {
    if (this.#confirmed.size === 0) return;
    this.#placed = this.#placed.filter((mark) => !this.#confirmed.has(mark.id));
    this.#confirmed.clear();
  }

  /** The mark as the server knows it, with its corners as they were. */
  #known(mark: PlanMark): PlanMark {
    return this.#plan()?.marks.find((each) => each.id === mark.id) ?? mark;
  }
  #snapped(
    point: Point,
    reach: number,
    own: readonly Point[],
    neighbours: readonly (Point | undefined)[],
    exceptId: number | null,
  ): Point {
    const others = this.marks.flatMap((mark) =>
      mark.kind === 'room' && mark.id !== exceptId ? mark.points : [],
    );
    const [before, last] = [own.at(-2), own.at(-1)];
    return snap(point, {
      corners: [...own, ...others],
      neighbours: neighbours.filter((each) => each !== undefined),
      edge: before === undefined || last === undefined ? null : [before, last],
      reach,
    });
  }
}
