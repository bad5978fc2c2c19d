import type {
  CheckOutcome,
  DeviceLimits,
  Identity,
  MetricId,
  ObservedEntity,
  SeenCertificate,
} from '@rackhaus/config/contract';
import { metric } from '@rackhaus/config/contract';
import { ReadingSet } from '../poll/reading-set.ts';

/** Why a check is not well. `detail` as {@link CheckOutcome} says; `answered`: the device has said something all the same. */
export class CheckFailure extends Error {
  override name = 'CheckFailure';
  readonly outcome: Exclude<CheckOutcome, 'ok'>;
  readonly detail: string | null;
  readonly answered: boolean;
  readonly certificate: SeenCertificate | null;

  constructor(
    outcome: Exclude<CheckOutcome, 'ok'>,
    detail: string | null = null,
    more: { answered?: boolean; certificate?: SeenCertificate | null } = {},
  ) {
    super(detail === null ? outcome : `${outcome}: ${detail}`);
    this.outcome = outcome;
    this.detail = detail === null ? null : detail.slice(0, 500);
    this.answered = more.answered ?? true;
    this.certificate = more.certificate ?? null;
  }
}

/** What one look at something has shown. */
export interface CheckResult {
  readonly outcome: CheckOutcome;
  readonly detail: string | null;
  /** How long it took; null where nothing answered. */
  readonly ms: number | null;
  /** Whether something answered, rightly or not. */
  readonly answered: boolean;
  readonly certificate: SeenCertificate | null;
  readonly findings: Findings;
}

/** What a check has read besides that it answers. */
export class Findings {
  readonly readings = new ReadingSet();
  identity: Partial<Identity> = {};
  /** For people who try the check. */
  readonly seen: { name: string; value: string }[] = [];
  readonly #said = new Map<
    string,
    { label?: string; words: Record<string, string>; limits: Record<string, DeviceLimits> }
  >();

  /** A value in the metric's unit; one that is not plausible is left out. */
  add(id: MetricId, entity: string, value: number): void {
    this.readings.add(id, id.slice(id.indexOf('.') + 1), entity, value);
  }

  /** A state by its name in the catalogue; others are left out. */
  state(id: MetricId, entity: string, name: string, word?: string): void {
    const number = Object.entries(metric(id).states ?? {}).find(([, state]) => state === name)?.[0];
    if (number === undefined) return;
    this.add(id, entity, Number(number));
    if (word !== undefined && word !== '') this.word(id, entity, word);
  }

  /** The device's own word. */
  word(id: MetricId, entity: string, word: string): void {
    this.#of(id, entity).words[id.slice(id.indexOf('.') + 1)] = word.slice(0, 200);
  }

  limits(id: MetricId, entity: string, limits: DeviceLimits): void {
    if (Object.values(limits).every((limit) => limit === null)) return;
    this.#of(id, entity).limits[id.slice(id.indexOf('.') + 1)] = limits;
  }

  /** Notes something for who tries the check. */
  note(name: string, value: string): void {
    if (this.seen.length < 200) this.seen.push({ name: name.slice(0, 200), value: value.slice(0, 500) });
  }

  /** Everything that has a value and is not the device itself. */
  entities(): ObservedEntity[] {
    return [...this.readings.entities()]
      .filter(({ kind }) => kind !== 'port' && kind !== 'device')
      .map(({ kind, entity }) => {
        const said = this.#said.get(`${kind} ${entity}`);
        return {
          kind,
          entity,
          label: said?.label ?? entity,
          ...(said && Object.keys(said.words).length > 0 ? { words: said.words } : {}),
          ...(said && Object.keys(said.limits).length > 0 ? { limits: said.limits } : {}),
        };
      });
  }

  #of(id: MetricId, entity: string) {
    const key = `${metric(id).kind} ${entity}`;
    const known = this.#said.get(key) ?? { words: {}, limits: {} };
    this.#said.set(key, known);
    return known;
  }
}
