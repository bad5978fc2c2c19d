import { type EntityKind, isMetricId, type MetricId, metric, plausible } from '@rackhaus/config/contract';
import type { FeedMeasurement, FeedTemplate, FeedValue, Tags } from '@rackhaus/config/feeds';
import type { Point } from '@rackhaus/config/line-protocol';

/** What somebody has said by hand that a field of a feed becomes. */
export interface HandField {
  readonly measurement: string;
  readonly field: string;
  readonly metric: MetricId;
  /** Name of the entity, `{tag}` filled in; empty for metrics of the device itself. */
  readonly entity: string;
  readonly factor: number;
  readonly rate: boolean;
}

/** What a line is about. */
export interface SourceOfPoint {
  /** JSON of names and values, sorted: the same for all lines about the same thing. */
  readonly key: string;
  readonly label: string;
}

/** One value that a line gives, before it is known which device it is of. */
export interface MadeValue {
  readonly kind: EntityKind;
  readonly entity: string;
  readonly name: string;
  readonly value: number;
}

/** Change per second of a counter; undefined while it cannot be told. */
export type RateOf = (series: string, value: number, time: number) => number | undefined;

/** Tags that tell parts of a thing from each other, not things. */
const partTags = new Set(
  'cpu interface device path fstype mode name instance sensor feature chip disk core unit type status'.split(
    ' ',
  ),
);
/** Tags that name what a line is about where no template knows better, the best first. */
const nameTags = ['host', 'hostname', 'nodename', 'node', 'agent_host', 'server', 'device_name'];

/** Says what lines of feeds mean, by the templates and by what people have said by hand. Pure. */
export class Meaning {
  readonly #templates: readonly FeedTemplate[];

  constructor(options: { templates: readonly FeedTemplate[] }) {
    this.#templates = options.templates;
  }

  /** What the line is about. A line without any tag is about the one thing that writes to this feed. */
  sourceOf(point: Point): SourceOfPoint {
    for (const rule of this.#templateOf(point)?.sources ?? []) {
      if (rule.measurements?.includes(point.measurement) === false || !fits(rule.where, point.tags)) continue;
      const known = Object.entries(rule.tags).flatMap(([name, tag]): [string, string][] => {
        const value = point.tags[tag];
        return value === undefined ? [] : [[name, value]];
      });
      const first = known[0];
      if (first) return sourceOf(known, point.tags[rule.label ?? ''] ?? first[1]);
    }
    const name = nameTags.find((tag) => point.tags[tag] !== undefined);
    if (name !== undefined) {
      const value = point.tags[name] ?? '';
      return sourceOf([[name, value]], value);
    }
    const others = Object.entries(point.tags).filter(([tag]) => !partTags.has(tag));
    return sourceOf(others, others.map(([, value]) => value).join(' ') || point.measurement);
  }

  /**
   * The values that a line gives, in the catalogue's units. What is not plausible is left out.
   * `judged`: the line itself says whether the device can be reached.
   */
  valuesOf(
    point: Point,
    hand: readonly HandField[],
    rateOf: RateOf,
  ): { values: MadeValue[]; judged: boolean } {
    const values: MadeValue[] = [];
    let judged = false;
    const own = hand.filter((one) => one.measurement === point.measurement);
    for (const entry of this.#entriesOf(point)) {
      for (const value of entry.values) {
        if (value.metric === 'device.reachable') judged = true;
        if (own.some((one) => one.field === value.field)) continue;
        const made = make(value, value.entity ?? entry.entity ?? '', point, rateOf);
        if (made) values.push(made);
      }
    }
    for (const { field, metric: id, entity, factor, rate } of own) {
      if (id === 'device.reachable') judged = true;
      const made = make({ field, metric: id, factor, rate, inverse: false }, entity, point, rateOf);
      if (made) values.push(made);
    }
    return { values, judged };
  }

  /** What a field becomes, as metrics; none: nothing knows it. */
  becomes(point: Point, field: string, hand: readonly HandField[]): { metric: MetricId; byHand: boolean }[] {
    const own = hand.filter((one) => one.measurement === point.measurement && one.field === field);
    if (own.length > 0) return own.map((one) => ({ metric: one.metric, byHand: true }));
    return this.#entriesOf(point).flatMap((entry) =>
      entry.values
        .filter((value) => value.field === field || value.of === field)
        .map((value) => ({ metric: value.metric, byHand: false })),
    );
  }

  #templateOf(point: Point): FeedTemplate | undefined {
    return this.#templates.find((template) => fits(template.where, point.tags));
  }

  #entriesOf(point: Point): FeedMeasurement[] {
    const entries = this.#templateOf(point)?.measurements ?? [];
    return entries.filter(
      (entry) =>
        entry.measurement === point.measurement &&
        fits(entry.where, point.tags) &&
        !Object.entries(entry.except).some(([tag, wanted]) => matches(wanted, point.tags[tag])),
    );
  }
}

function sourceOf(tags: readonly [string, string][], label: string): SourceOfPoint {
  return { key: JSON.stringify([...tags].sort(([a], [b]) => (a < b ? -1 : 1))), label };
}

function fits(where: Tags, tags: Point['tags']): boolean {
  return Object.entries(where).every(([tag, wanted]) => matches(wanted, tags[tag]));
}

function matches(wanted: string | readonly string[], value: string | undefined): boolean {
  if (value === undefined) return false;
  return [wanted].flat().some((one) => one === '*' || one === value);
}

type Recipe = Pick<FeedValue, 'field' | 'metric' | 'factor' | 'inverse' | 'rate'> &
  Partial<Pick<FeedValue, 'tag' | 'of' | 'states' | 'bits'>>;

function make(recipe: Recipe, entityText: string, point: Point, rateOf: RateOf): MadeValue | undefined {
  const entity = filled(entityText, point.tags);
  const number = entity === undefined ? undefined : numberOf(recipe, entity, point, rateOf);
  const value = number === undefined ? undefined : plausible(recipe.metric, number);
  if (entity === undefined || value === undefined || !isMetricId(recipe.metric)) return undefined;
  const { kind } = metric(recipe.metric);
  return { kind, entity, name: recipe.metric.slice(kind.length + 1), value };
}

/** undefined: a tag of it is missing. */
function filled(text: string, tags: Point['tags']): string | undefined {
  let missing = false;
  const name = text.replace(/\{([^}]+)\}/g, (_, tag: string) => {
    const value = tags[tag];
    if (value === undefined) missing = true;
    return value ?? '';
  });
  return missing ? undefined : name;
}

function numberOf(recipe: Recipe, entity: string, point: Point, rateOf: RateOf): number | undefined {
  const raw = recipe.field === undefined ? point.tags[recipe.tag ?? ''] : point.fields[recipe.field];
  if (raw === undefined) return undefined;
  if (recipe.states !== undefined) return stateNumber(recipe.metric, byWord(recipe.states, String(raw)));
  if (typeof raw === 'string') return undefined;
  if (recipe.bits !== undefined) return stateNumber(recipe.metric, byBit(recipe.bits, Number(raw)));
  let number = Number(raw);
  if (recipe.of !== undefined) {
    const divisor = Number(point.fields[recipe.of]);
    if (!(divisor > 0)) return undefined;
    number /= divisor;
  }
  if (recipe.rate) {
    const rate = rateOf(
      `${point.measurement}\n${recipe.field}\n${recipe.metric}\n${entity}`,
      number,
      point.time,
    );
    if (rate === undefined) return undefined;
    number = rate;
  }
  number *= recipe.factor;
  return recipe.inverse ? 1 - number : number;
}

function byWord(states: Readonly<Record<string, string>>, text: string): string | undefined {
  const words = text.split(/\s+/);
  return Object.entries(states).find(([word]) => word === text || words.includes(word))?.[1];
}

function byBit(bits: Readonly<Record<string, string>>, number: number): string | undefined {
  const set = Object.entries(bits).find(([bit]) => bit !== '0' && (number & Number(bit)) !== 0);
  return set?.[1] ?? bits['0'];
}

function stateNumber(id: MetricId, name: string | undefined): number | undefined {
  const found = Object.entries(metric(id).states ?? {}).find(([, state]) => state === name);
  return found === undefined ? undefined : Number(found[0]);
}
