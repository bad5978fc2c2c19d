import type { CableProof, Observation, Sightings } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import type { Committed } from '../../history/changes.ts';
import { type Compared, compare } from './compare.ts';
import { type Documentation, loadDocumentation } from './documentation.ts';
import { Findings, type KeptFinding, nextFindings } from './findings.ts';
import { LinkStates } from './link-states.ts';
import { Directory } from './match.ts';
import type { Network } from './network.ts';
import { CableProofs, verdictsOfCables } from './proofs.ts';
import { type LinkState, type Seen, seenByPort } from './seen.ts';
import { SeenLinks } from './seen-links.ts';

/** Changes that come together are looked at together. */
const gatherMs = 300;
/** Of the time, at most a tenth is spent on comparing. */
const restFactor = 10;
/** Time alone changes things: what was ignored until today, what has been dark for two weeks. */
const tickMs = 10 * 60_000;
const dayMs = 86_400_000;
export const defaultDarkDays = 14;

/** Records whose change can change what is compared. */
const cablingKinds: readonly string[] = [
  'link',
  'link-end',
  'port',
  'port-wire',
  'device',
  'monitoring',
  'address',
  'outlet',
];

/** What is known at one moment, for who has to decide something. */
export interface Known {
  readonly documentation: Documentation;
  readonly directory: Directory;
  readonly seen: ReadonlyMap<number, readonly Seen[]>;
  /** What documented devices say of themselves, and who they saw, by device. */
  readonly observations: ReadonlyMap<number, Observation>;
  readonly sightings: ReadonlyMap<number, Sightings>;
  readonly link: (portId: number) => LinkState | undefined;
}

/**
 * Compares what devices see of cables with what is documented, whenever one of them changes, and keeps what came of it: findings,
 * proofs of cables, first and last sights.
 */
export class DriftWatch {
  readonly findings = new Findings();
  readonly proofs = new CableProofs();
  readonly #db: Database;
  readonly #network: Network;
  readonly #onCommit: (listener: (committed: Committed) => void) => () => void;
  readonly #now: () => number;
  readonly #darkMs: number;
  readonly #onError: (error: unknown) => void;
  readonly #listeners = new Set<() => void>();
  readonly #links = new LinkStates();
  readonly #seenLinks = new SeenLinks();
  readonly #stops: (() => void)[] = [];
  #observations = new Map<number, Observation>();
  #documentation: Documentation | null = null;
  /** Who is who; until a device is renamed or gets other ports. */
  #directory: Directory | null = null;
  /** Counts commits that concern cables; what was loaded before the last one is old. */
  #revision = 0;
  #loadedRevision = 0;
  /** Devices that have said something since the last look; null: all of them. */
  #heard: Set<number> | null = null;
  #moved = new Set<number>();
  #compared: Compared = { verdicts: new Map(), findings: [] };
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #restUntil = 0;
  #stopped = true;
  #failures = 0;

  constructor(options: {
    db: Database;
    network: Network;
    onCommit: (listener: (committed: Committed) => void) => () => void;
    now: () => number;
    /** Told of what goes wrong in the background; it is tried again. */
    onError: (error: unknown) => void;
    darkDays?: number;
  }) {
    this.#db = options.db;
    this.#network = options.network;
    this.#onCommit = options.onCommit;
    this.#now = options.now;
    this.#onError = options.onError;
    this.#darkMs = (options.darkDays ?? defaultDarkDays) * dayMs;
  }

  /** Loads what was known, compares once, and follows changes from then on. */
  async start(): Promise<void> {
    const now = this.#now();
    await this.findings.load(this.#db);
    await this.proofs.load(this.#db);
    await this.#links.load(this.#db);
    await this.#seenLinks.load(this.#db, now);
    this.#stopped = false;
    this.#stops.push(
      this.#network.observations.onChange((ids) => this.#hear(ids)),
      this.#network.sightings.onChange(() => this.#schedule()),
      this.#network.ports.onChange(() => this.#schedule()),
      this.#onCommit((committed) => this.#committed(committed)),
    );
    const timer = setInterval(() => this.#schedule(), tickMs);
    this.#stops.push(() => clearInterval(timer));
    this.#schedule();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const stop of this.#stops.splice(0)) stop();
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Calls `listener` when findings or proofs have changed. Returns how to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What the ports of monitored devices say of their cables, as of the last look. */
  get compared(): Compared {
    return this.#compared;
  }
  proofOf(linkId: number): CableProof {
    return this.proofs.of(linkId);
  }
  firstSeen(finding: Pick<KeptFinding, 'port_id' | 'source' | 'text'>): number | null {
    return this.#seenLinks.firstSeen(finding.port_id, finding.source, finding.text);
  }

  /** Looks now, with everything that has come in. Resolves when what came of it is kept. */
  async look(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#alone(() => this.#look());
  }

  /** What is known now, from the newest of everything. */
  async known(): Promise<Known> {
    return this.#alone(() => this.#gather());
  }

  /** Somebody has looked at cables that nothing else can tell of. */
  async confirmByHand(linkIds: readonly number[], by: string, at: number): Promise<void> {
    await this.#alone(async () => {
      await this.#forgetMoved();
      await this.proofs.byHand(this.#db, linkIds, by, at);
    });
    this.#tell();
  }

  /** Writes what somebody has decided about a finding. */
  async decide(id: number, values: Partial<KeptFinding>): Promise<void> {
    await this.#alone(async () => {
      const finding = this.findings.byId(id);
      if (finding === undefined) return;
      const taken = await this.#db
        .transaction()
        .execute((tx) => this.findings.write(tx, { changed: [{ ...finding, ...values }], made: [] }));
      taken();
    });
    this.#tell();
  }

  /** One at a time, in the order of asking. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#running.then(work);
    this.#running = run.then(
      () => undefined,
      () => undefined, // who asked is told
    );
    return run;
  }

  #hear(ids: readonly number[]): void {
    if (this.#heard !== null) for (const id of ids) this.#heard.add(id);
    this.#schedule();
  }

  #committed({ objects, everything }: Committed): void {
    if (everything !== true && !objects.some(({ kind }) => cablingKinds.includes(kind))) return;
    this.#revision++;
    if (objects.some(({ kind }) => kind === 'link-end'))
      for (const { kind, id } of objects) if (kind === 'link') this.#moved.add(id);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#stopped || this.#timer !== undefined) return;
    const wait = Math.max(gatherMs, this.#restUntil - performance.now());
    this.#timer = setTimeout(() => {
      this.look().then(
        () => {
          this.#failures = 0;
        },
        (error: unknown) => {
          this.#onError(error);
          this.#failures++;
          this.#restUntil = performance.now() + Math.min(60_000, 1000 * 2 ** this.#failures);
          this.#schedule();
        },
      );
    }, wait);
  }

  async #gather(): Promise<Known> {
    const [documentation, sightings] = await this.#load();
    return this.#see(documentation, sightings);
  }

  async #forgetMoved(): Promise<number> {
    const moved = [...this.#moved];
    await this.proofs.forget(this.#db, moved);
    for (const id of moved) this.#moved.delete(id);
    return moved.length;
  }

  async #load(): Promise<[Documentation, ReadonlyMap<number, Sightings>]> {
    const heard = this.#heard;
    this.#heard = new Set();
    try {
      if (heard === null) {
        this.#observations = new Map(await this.#network.observations.all());
        this.#directory = null;
      } else if (heard.size > 0)
        for (const [id, each] of await this.#network.observations.all([...heard])) this.#observe(id, each);
    } catch (error) {
      this.#heard = heard === null ? null : new Set([...heard, ...(this.#heard ?? [])]);
      throw error;
    }
    let documentation = this.#documentation;
    if (documentation === null || this.#loadedRevision !== this.#revision) {
      // A commit while it is being loaded makes it old again.
      const revision = this.#revision;
      documentation = await loadDocumentation(this.#db);
      this.#documentation = documentation;
      this.#directory = null;
      this.#loadedRevision = revision;
    }
    return [documentation, await this.#network.sightings.all()];
  }

  #observe(id: number, told: Observation): void {
    const before = this.#observations.get(id);
    this.#observations.set(id, told);
    const isSame =
      before?.identity.name === told.identity.name &&
      JSON.stringify(before?.ports) === JSON.stringify(told.ports);
    if (!isSame) this.#directory = null;
  }

  #see(documentation: Documentation, sightings: ReadonlyMap<number, Sightings>): Known {
    const ids = new Set(documentation.devices.map((device) => device.id));
    const observations = new Map([...this.#observations].filter(([id]) => ids.has(id)));
    const present = new Map([...sightings].filter(([id]) => ids.has(id)));
    const directory = this.#directory ?? new Directory({ devices: documentation.devices, observations });
    this.#directory = directory;
    directory.learn(addressesOf(present.values()));
    const now = this.#now();
    for (const { id } of documentation.devices)
      for (const state of this.#network.ports.of(id)) {
        const portId = directory.ownPort(id, state.port);
        if (portId !== null) this.#links.take(portId, state, now);
      }
    const link = (portId: number) => this.#links.of(portId);
    const seen = seenByPort({
      observations,
      sightings: present,
      directory,
      passesOn: documentation.passesOn,
      documentedFar: (portId) => {
        const way = documentation.way(portId);
        return way.kind === 'device' ? documentation.deviceOf(way.far) : null;
      },
      heardAt: (deviceId) => this.#network.ports.heardAt(deviceId),
      link,
    });
    return { documentation, directory, seen, observations, sightings: present, link };
  }

  async #look(): Promise<void> {
    const started = performance.now();
    const { documentation, directory, seen, link } = await this.#gather();
    const now = this.#now();
    const compared = compare({
      ports: documentation.ports,
      way: documentation.way,
      deviceOf: documentation.deviceOf,
      seen,
      link,
      isIdentified: (deviceId) => directory.isIdentified(deviceId),
      hasMac: documentation.hasMac,
      now,
      darkMs: this.#darkMs,
    });
    const exists = (portId: number) => documentation.deviceOf(portId) !== null;
    this.findings.forgetGone(exists);
    const next = nextFindings(this.findings.byKey, compared.findings, now);
    const moved = await this.#forgetMoved();
    const taken = await this.#db.transaction().execute(async (tx) => {
      await this.#links.save(tx, exists);
      return [
        await this.#seenLinks.save(tx, seen.values()),
        await this.findings.write(tx, next),
        await this.proofs.save(tx, verdictsOfCables(compared.verdicts, documentation.way), now),
      ];
    });
    this.#links.saved();
    for (const take of taken) take();
    this.#compared = compared;
    this.#restUntil = performance.now() + (performance.now() - started) * restFactor;
    if (next.changed.length + next.made.length > 0 || moved > 0) this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function* addressesOf(sightings: Iterable<Sightings>): Iterable<readonly [string, string]> {
  for (const { addresses } of sightings) for (const { address, mac } of addresses) yield [address, mac];
}
