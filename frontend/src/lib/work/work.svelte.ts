import type { CableCard, OrderStep, PortCard, RoomView, Worklist } from '@rackhaus/config/contract';
import { createContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import { z } from 'zod';
import type { Session } from '../access/session.svelte.ts';
import { type Api, ApiProblem } from '../api/api.ts';
import type { Kept, Photos } from './browser-db.ts';
import { again, entryOf, force, giveUp, takeBack } from './decisions.ts';
import type { Known } from './match.ts';
import { ProofWatch } from './proof-watch.ts';
import { countsOf, type Entry, type Task } from './queue.ts';
import { backOff, type Exclusive, Sender } from './sender.ts';
import { type LocalStep, localSteps, merged, type WorkOrder, withStep } from './steps.ts';
import type { QueueStore } from './store.ts';
import { sendEntry } from './transport.ts';
import { uuid } from './uuid.ts';
import { fetchList, keepList, keptList, rackPicture, type Scope } from './worklist-source.ts';

/** Where everything lies that has to outlive this page. */
export interface Storage {
  readonly queue: QueueStore;
  readonly kept: Kept;
  readonly photos: Photos;
  /** false: this browser keeps nothing; closing the page loses what is not sent. */
  readonly lasting: boolean;
}

const Person = z.strictObject({ userId: z.int(), user: z.string() });
export type Person = z.infer<typeof Person>;

/** The list is fetched anew so often while somebody looks at it. */
const refreshMs = 60_000;

/**
 * What a technician has to do today and has done: the worklist with what was reported here laid over it, the queue of reports and
 * captures, and how far they have got. Works without a network from what is kept in the browser.
 */
export class Work {
  readonly #api: Api;
  readonly #session: Session;
  readonly #storage: Storage;
  readonly #now: () => number;
  readonly #sender: Sender;
  readonly #proofs: ProofWatch;
  readonly #channel: BroadcastChannel | null;
  #person = $state.raw<Person | null>(null);
  #queue = $state.raw<readonly Entry[]>([]);
  #list = $state.raw<Worklist | null>(null);
  #fetchedAt = $state<number | null>(null);
  #scope = $state<Scope>('mine');
  #reached = $state<boolean | null>(null);
  #busy = $state(false);
  #problem = $state.raw<ApiProblem | null>(null);
  #ready = $state(false);
  readonly #racks = new SvelteMap<number, RoomView>();
  /** Orders that were worked on here: they stay on the list until the page is left, when they are done. */
  readonly #touched = new Set<number>();
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #syncing: Promise<void> | null = null;
  #stopped = false;

  constructor(options: {
    api: Api;
    session: Session;
    storage: Storage;
    exclusive: Exclusive;
    channel: BroadcastChannel | null;
    now: () => number;
  }) {
    this.#api = options.api;
    this.#session = options.session;
    this.#storage = options.storage;
    this.#now = options.now;
    this.#channel = options.channel;
    this.#sender = new Sender({
      store: options.storage.queue,
      send: (entry) => sendEntry(entry, { api: options.api, photos: options.storage.photos }),
      exclusive: options.exclusive,
      taken: (entry, step) => this.#taken(entry, step),
    });
    this.#proofs = new ProofWatch({
      api: options.api,
      now: options.now,
      seen: (step) => this.#see(step),
    });
  }

  /** Who works here; also when the session has ended or cannot be asked for. null: nobody has ever signed in. */
  get person(): Person | null {
    return this.#person;
  }
  /** What was kept has been read. */
  get ready(): boolean {
    return this.#ready;
  }
  get lasting(): boolean {
    return this.#storage.lasting;
  }
  /** Whether the server answered last time; null: not asked yet. */
  get reached(): boolean | null {
    return this.#reached;
  }
  get busy(): boolean {
    return this.#busy;
  }
  /** Why the list could not be fetched, when it was not for want of a network. */
  get problem(): ApiProblem | null {
    return this.#problem;
  }
  get scope(): Scope {
    return this.#scope;
  }
  get fetchedAt(): number | null {
    return this.#fetchedAt;
  }
  get orders(): readonly WorkOrder[] {
    return this.#list?.orders ?? [];
  }
  get queue(): readonly Entry[] {
    return this.#queue;
  }
  readonly #counts = $derived.by(() => countsOf(this.#queue, this.#person?.userId ?? 0));
  get counts(): ReturnType<typeof countsOf> {
    return this.#counts;
  }
  /** Names of others whose work waits in this browser. */
  get others(): readonly string[] {
    const own = this.#person?.userId;
    return [...new Set(this.#queue.filter((each) => each.userId !== own).map((each) => each.user))];
  }
  readonly #known: Known = $derived.by(() => ({
    ports: new Map(this.#list?.ports.map((port) => [port.id, port])),
    cables: new Map(this.#list?.cables.map((cable) => [cable.id, cable])),
  }));
  get known(): Known {
    return this.#known;
  }

  order(id: number): WorkOrder | null {
    return this.orders.find((order) => order.id === id) ?? null;
  }
  stepsOf(order: WorkOrder): LocalStep[] {
    return localSteps(order.steps, this.#queue);
  }
  port(id: number | null): PortCard | null {
    return id === null ? null : (this.#known.ports.get(id) ?? null);
  }
  cable(id: number): CableCard | null {
    return this.#known.cables.get(id) ?? null;
  }
  /** Whether the network is still being asked about a step. */
  isProving(stepId: number): boolean {
    return this.#proofs.isWatching(stepId);
  }
  rack(id: number): RoomView | null {
    return this.#racks.get(id) ?? null;
  }

  /** Reads what is kept, then asks the server. */
  async start(): Promise<void> {
    this.#channel?.addEventListener('message', this.#heard);
    window.addEventListener('online', this.#wake);
    document.addEventListener('visibilitychange', this.#wake);
    await this.#readQueue();
    this.#person ??= await this.#storage.kept.get('person', Person);
    await this.#readList();
    this.#ready = true;
    await this.sync();
  }

  stop(): void {
    this.#stopped = true;
    this.#proofs.stop();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#channel?.removeEventListener('message', this.#heard);
    window.removeEventListener('online', this.#wake);
    document.removeEventListener('visibilitychange', this.#wake);
  }

  async choose(scope: Scope): Promise<void> {
    this.#scope = scope;
    this.#list = null;
    this.#fetchedAt = null;
    await this.#readList();
    await this.sync();
  }

  /** Puts something that was done into the queue and begins to send it. */
  async add(task: Task, title: string, photos: readonly Blob[] = []): Promise<void> {
    const person = this.#person;
    if (person === null) throw new Error('nobody is signed in');
    const keys: string[] = [];
    for (const photo of photos) {
      const key = uuid();
      await this.#storage.photos.put(key, photo);
      keys.push(key);
    }
    if (task.kind === 'report') this.#touched.add(task.orderId);
    await this.#storage.queue.add(entryOf(task, person, title, keys));
    await this.#changed();
  }

  /** Takes back the last report of a step, whether it has been sent or not. */
  async takeBack(reopen: Extract<Task, { kind: 'report' }>, title: string): Promise<void> {
    const person = this.#person;
    if (person === null) throw new Error('nobody is signed in');
    this.#touched.add(reopen.orderId);
    await takeBack(this.#storage.queue, reopen.stepId, entryOf(reopen, person, title));
    await this.#changed();
  }

  /** What to do about an entry that is stuck. */
  async decide(entry: Entry, decision: 'force' | 'give-up' | 'again'): Promise<void> {
    const { queue, photos } = this.#storage;
    if (decision === 'force') await force(queue, entry.seq);
    else if (decision === 'again') await again(queue, entry.seq);
    else {
      await giveUp(queue, entry);
      await photos.forget(entry.photos);
    }
    await this.#changed();
  }

  /** The same capture with other ends, after somebody has said which ports were meant. */
  async correct(entry: Entry, task: Task): Promise<void> {
    await this.#storage.queue.change(entry.seq, (now) => ({ ...now, task, trouble: null }));
    await this.#changed();
  }

  /** Sends what waits and fetches the list anew; tries again by itself while that fails. */
  sync(): Promise<void> {
    this.#syncing ??= this.#sync().finally(() => {
      this.#syncing = null;
    });
    return this.#syncing;
  }

  /** The session has ended and nothing of it waits here: what was kept of it is forgotten. */
  async forget(): Promise<void> {
    await this.#storage.kept.forget('');
    this.#person = null;
    this.#list = null;
    this.#fetchedAt = null;
  }

  async #sync(): Promise<void> {
    if (this.#stopped) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#busy = true;
    let failed: boolean;
    try {
      failed = !(await this.#exchange());
    } finally {
      this.#busy = false;
    }
    this.#failures = failed ? this.#failures + 1 : 0;
    const wait = failed ? backOff(this.#failures - 1, Math.random()) : refreshMs;
    if (!this.#stopped) this.#timer = setTimeout(() => void this.sync(), wait);
  }

  /** @returns whether the server answered */
  async #exchange(): Promise<boolean> {
    // Who is signed in may have changed in another page: reports go out only under the name of who made them.
    await this.#session.refresh();
    this.#reached = this.#session.problem === null;
    if (!this.#reached) return false;
    const signedIn = this.#session.person;
    if (signedIn === null || signedIn.userId === null) return true;
    await this.#is({ userId: signedIn.userId, user: signedIn.user });
    const ended = await this.#sender.drain(signedIn.userId);
    await this.#readQueue();
    if (ended === 'later') {
      this.#reached = false;
      return false;
    }
    return ended === 'signed-out' || this.#fetch(signedIn.userId);
  }

  async #fetch(userId: number): Promise<boolean> {
    const scope = this.#scope;
    try {
      const fresh = await fetchList(this.#api, scope, this.#now());
      if (scope !== this.#scope) return true;
      const waiting = new Set(
        this.#queue.flatMap(({ task }) => (task.kind === 'report' ? [task.orderId] : [])),
      );
      const list = merged(fresh, this.#list, (id) => this.#touched.has(id) || waiting.has(id));
      await this.#showList(list, this.#now());
      this.#problem = null;
      void this.#fetchRacks(list);
      for (const order of list.orders)
        for (const step of order.steps)
          if (step.proof === 'waiting' && this.#touched.has(order.id)) this.#proofs.watch(order.id, step.id);
      await keepList(this.#storage.kept, userId, scope, { fetchedAt: this.#now(), list });
      return true;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      const noNetwork = error.code === 'offline' || error.code === 'unavailable';
      this.#reached = !noNetwork;
      this.#problem = noNetwork || error.code === 'unauthenticated' ? null : error;
      return false;
    }
  }

  async #is(person: Person): Promise<void> {
    if (this.#person?.userId === person.userId) return;
    this.#person = person;
    this.#list = null;
    await this.#storage.kept.put('person', person);
    await this.#readList();
  }

  async #readList(): Promise<void> {
    const userId = this.#person?.userId;
    if (userId === undefined) return;
    const kept = await keptList(this.#storage.kept, userId, this.#scope);
    if (kept === null) return;
    await this.#showList(kept.list, kept.fetchedAt);
    void this.#fetchRacks(kept.list);
  }

  async #showList(list: Worklist, fetchedAt: number): Promise<void> {
    this.#list = list;
    this.#fetchedAt = fetchedAt;
  }

  async #fetchRacks(list: Worklist): Promise<void> {
    const ids = new Set(list.orders.flatMap(({ steps }) => steps.map(({ spot }) => spot.rack?.id)));
    for (const rackId of ids) {
      if (rackId === undefined) continue;
      const room = await rackPicture({
        api: this.#api,
        kept: this.#storage.kept,
        rackId,
        now: this.#now(),
      });
      if (room !== null) this.#racks.set(rackId, room);
    }
  }

  async #changed(): Promise<void> {
    await this.#readQueue();
    this.#channel?.postMessage('queue');
    // One that is under way has perhaps passed by what has just been added.
    if (this.#syncing === null) void this.sync();
    else void this.#syncing.then(() => this.sync());
  }

  async #readQueue(): Promise<void> {
    this.#queue = await this.#storage.queue.list();
  }

  #taken(entry: Entry, step: OrderStep | null): void {
    this.#channel?.postMessage('queue');
    if (entry.task.kind === 'report') this.#touched.add(entry.task.orderId);
    if (step === null || entry.task.kind !== 'report') return;
    this.#see(step);
    // Both in one go: the step must not look open for a moment.
    this.#queue = this.#queue.filter((each) => each.seq !== entry.seq);
    if (step.state === 'done') this.#proofs.watch(entry.task.orderId, step.id);
  }

  #see(step: OrderStep): void {
    if (this.#list !== null) this.#list = withStep(this.#list, step);
  }

  readonly #heard = (): void => {
    void this.#readQueue();
  };
  readonly #wake = (): void => {
    if (document.visibilityState === 'visible') void this.sync();
  };
}

export const [getWork, setWork] = createContext<Work>();
