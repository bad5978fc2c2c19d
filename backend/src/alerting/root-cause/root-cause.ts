import type { AlertRule } from '@rackhaus/config/alert-rules';
import type { Condition } from '@rackhaus/config/contract';
import type { SiteGraph } from '../../cabling/graph/site-graph.ts';
import type { Database } from '../../database/tables.ts';
import { oneAtATime } from '../../one-at-a-time.ts';
import type { CausesInput, CausesOf } from '../parts.ts';
import { explain } from './causes-of.ts';
import { type AgentFacts, type CauseFacts, loadFacts } from './facts.ts';
import { type Picture, pictureOf } from './picture.ts';
import { signsOf } from './signs.ts';

const nothing: CauseFacts = {
  devices: new Map(),
  sites: new Map(),
  rooms: new Map(),
  ports: new Map(),
  cables: new Map(),
};

/**
 * Answers with causes from memory: names and places of the documentation, followed as it changes, and what devices had said last
 * before they fell silent, which tells a battery that ran empty from a switch that died.
 */
export class RootCause {
  readonly #db: Database;
  readonly #onCommit: (listener: () => void) => () => void;
  readonly #agents: () => readonly AgentFacts[];
  readonly #polledBy: (deviceId: number) => number | null;
  readonly #onError: (error: unknown) => void;
  readonly #signs: ReturnType<typeof signsOf>;
  readonly #load: () => Promise<void>;
  /** What each device said while it still answered. */
  readonly #lastWords = new Map<number, Condition>();
  #facts: CauseFacts = nothing;
  #picture: Picture | null = null;
  #stop: (() => void) | null = null;

  constructor(options: {
    db: Database;
    rules: readonly AlertRule[];
    /** Tells of changes of the documentation. */
    onCommit: (listener: () => void) => () => void;
    agents: () => readonly AgentFacts[];
    polledBy: (deviceId: number) => number | null;
    onError: (error: unknown) => void;
  }) {
    this.#db = options.db;
    this.#onCommit = options.onCommit;
    this.#agents = options.agents;
    this.#polledBy = options.polledBy;
    this.#onError = options.onError;
    this.#signs = signsOf(options.rules);
    this.#load = oneAtATime(async () => {
      this.#facts = await loadFacts(this.#db);
    });
  }

  async start(): Promise<void> {
    this.#stop = this.#onCommit(() => {
      this.#load().catch(this.#onError);
    });
    await this.#load();
  }

  stop(): void {
    this.#stop?.();
    this.#stop = null;
  }

  readonly causesOf: CausesOf = (input) => {
    this.#remember(input);
    return explain({
      picture: this.#pictureOf(input.site),
      facts: this.#facts,
      agents: this.#agents(),
      polledBy: this.#polledBy,
      signs: this.#signs,
      lastWords: [...this.#lastWords.values()].filter(({ deviceId }) => input.unreachable.has(deviceId)),
      input,
    });
  };

  #pictureOf(site: SiteGraph): Picture {
    if (this.#picture?.site !== site) this.#picture = pictureOf(site);
    return this.#picture;
  }

  /** Only that a UPS is on battery outlives its answers. */
  #remember({ answering, conditions }: CausesInput): void {
    for (const id of this.#lastWords.keys()) if (answering.has(id)) this.#lastWords.delete(id);
    for (const condition of conditions)
      if (this.#signs.get(condition.rule) === 'on-battery' && answering.has(condition.deviceId))
        this.#lastWords.set(condition.deviceId, condition);
  }
}
