import { type AlertRule, kindsOf } from '@rackhaus/config/alert-rules';
import type { EntityKind, RulePreview, RulePreviewRequest } from '@rackhaus/config/contract';
import type { MonitoredDevice, MonitoredPort } from '../inventory/monitored.ts';
import type { MeasurementStore, Series } from '../measurements/index.ts';
import { type CompiledRule, compileRule, nameOf } from './compile.ts';
import { clear, evaluate } from './evaluate.ts';
import { covers, limited } from './limits.ts';
import { isWell, type OwnLimitsOfDevice, type OwnState, worstOf } from './own-limits.ts';
import { appliesTo, type RuleBook, type Subject } from './rule-book.ts';

const dayMs = 86_400_000;
const stepMs = 5 * 60_000;
/** A value that came with a slower round of polling is still true for this long. */
const carriedMs = 15 * 60_000;
const mostEntities = 500;
const mostFirings = 200;
/** How long a person waits for an answer. */
const patienceMs = 8000;

/** A device and the names of what it has, by kind. */
export interface Previewed {
  readonly device: MonitoredDevice;
  readonly entities: Iterable<{ readonly kind: EntityKind; readonly entity: string }>;
  /** The limits that it has set itself; left out: none. */
  readonly own?: OwnLimitsOfDevice;
}

/**
 * How often a rule would have fired with other numbers, by the same function that judges live. It reads buckets of five minutes
 * with their lowest and highest values, which are kept for longer than readings: what had to hold for at least that long is
 * judged by the calmer one of each bucket, all else by the worse one. How often a state changed within a bucket is not known, so
 * of flapping it finds the longer ones. What is hidden live by a fault that weighs more counts here too. Of limits that devices have
 * set themselves those that they have now are taken for all of the past.
 * @throws StoreUnavailable
 */
export async function preview(options: {
  rule: AlertRule;
  request: RulePreviewRequest;
  book: RuleBook;
  devices: Iterable<Previewed>;
  store: MeasurementStore;
  now: number;
  /** Milliseconds that only grow. */
  elapsed: () => number;
}): Promise<RulePreview> {
  const { rule, request, book, store, now, elapsed } = options;
  const from = now - request.days * dayMs;
  const wanted = compileRule(limited(rule, request));
  const subjects = subjectsOf(options);
  const reply: RulePreview = {
    from,
    until: now,
    times: 0,
    timesNow: 0,
    entities: 0,
    leftOut: 0,
    firings: [],
  };
  const started = elapsed();
  for (const subject of subjects) {
    if (reply.entities >= mostEntities || elapsed() - started > patienceMs) {
      reply.leftOut++;
      continue;
    }
    reply.entities++;
    const { device, kind, entity } = subject;
    const series = await store.query({
      deviceId: device.id,
      kind,
      entity,
      metrics: metricsOf(rule, subject),
      from,
      to: now,
      points: Math.ceil((now - from) / stepMs) + 1,
    });
    const { id: deviceId, name: deviceName } = device;
    const found = firingsOf(wanted, series, subject);
    reply.times += found.length;
    reply.firings.push(...found.map((firing) => ({ deviceId, deviceName, entity, ...firing })));
    const present = book.for(subject).find((compiled) => compiled.rule.id === rule.id);
    if (present) reply.timesNow += firingsOf(present, series, subject).length;
    // Readings come in meanwhile, and screens are told.
    await new Promise((resolve) => setImmediate(resolve));
  }
  reply.firings = reply.firings.sort((a, b) => b.from - a.from).slice(0, mostFirings);
  return reply;
}

function subjectsOf({ rule, request, devices, book }: Parameters<typeof preview>[0]): Subject[] {
  const kinds = kindsOf(rule);
  const subjects: Subject[] = [];
  for (const { device, entities, own } of devices)
    for (const state of entities) {
      const { kind, entity } = state;
      if (!kinds.includes(kind)) continue;
      const port: MonitoredPort | undefined =
        kind === 'port'
          ? device.ports.find((each) => each.name === entity && each.kind === 'network')
          : undefined;
      const subject: Subject = { device, kind, entity, port };
      if (!covers(request, subject) || !appliesTo(rule, subject)) continue;
      if (!('beyond' in rule.when)) {
        subjects.push(subject);
        continue;
      }
      const said = own?.get(`${kind}/${entity}`);
      const limits = said === undefined ? [] : book.ownLimits(subject, said);
      if (limits.length > 0) subjects.push({ ...subject, own: limits });
    }
  return subjects;
}

function metricsOf(rule: AlertRule, subject: Subject): string[] {
  if (rule.metric === undefined) return (subject.own ?? []).map(({ name }) => name);
  const own = rule.share === 'use' ? ['rx', 'tx', 'speed'] : [nameOf(rule.metric)];
  const where = Object.keys(rule.where).map((id) => id.slice(id.indexOf('.') + 1));
  return [...new Set([...own, ...where])];
}

interface Firing {
  readonly from: number;
  readonly until: number | null;
  readonly worst: number;
  readonly metric?: string;
}

/** What a rule would have said of these values, in order. */
export function firingsOf(rule: CompiledRule, series: Series, subject: Subject): Firing[] {
  const { port, device } = subject;
  const firings: Firing[] = [];
  const gapMs = Math.max(
    3 * (device.monitoring ?? device.fed ?? { intervalSeconds: 0 }).intervalSeconds * 1000,
    2 * series.step,
  );
  const last = new Map<string, { time: number; lowest: number; highest: number; mean: number }>();
  const direction = 'below' in rule.rule.when ? -1 : 1;
  const seenWell = new Set<string>();
  const own: OwnState | undefined = subject.own && { limits: subject.own, seenWell, lowIsUsual: false };
  let state = clear;
  let open: Open | null = null;
  const length = series.columns[0]?.mean.length ?? 0;
  for (let at = 0; at < length; at++) {
    const time = series.start + at * series.step;
    let read = false;
    for (const { metric: name, mean, min, max } of series.columns) {
      const [m, low, high] = [mean[at], min[at], max[at]];
      if (m == null || low == null || high == null) continue;
      last.set(name, { time, mean: m, lowest: low, highest: high });
      read = true;
    }
    if (!read) continue;
    for (const [name, value] of last) if (time - value.time > carriedMs) last.delete(name);
    for (const limits of subject.own ?? []) {
      const bucket = last.get(limits.name);
      if (bucket && (isWell(limits, bucket.lowest) || isWell(limits, bucket.highest)))
        seenWell.add(limits.name);
    }
    const value = judged(rule, last, series.step, port, own);
    const where = rule.where.every(({ name, is }) => {
      const bucket = last.get(name);
      return bucket !== undefined && (bucket.lowest === is || bucket.highest === is);
    });
    state = evaluate(rule, state, { time, value, where, gapMs });
    if (state.phase === 'firing') {
      const now = own
        ? worstRead(rule.rule, last, own)
        : { worst: value ?? Number.NaN, by: (value ?? 0) * direction };
      open = worseOf(open, now, state.since);
    } else if (open) {
      firings.push(firing(open, time));
      open = null;
    }
  }
  if (open) firings.push(firing(open, null));
  return firings;
}

/** The worst of what was read: the larger `by`, the worse. */
interface Worst {
  readonly worst: number;
  readonly by: number;
  readonly metric?: string;
}

type Open = Worst & { readonly from: number };

function worseOf(open: Open | null, now: Worst | undefined, since: number): Open {
  const before = open ?? { from: since, worst: Number.NaN, by: Number.NEGATIVE_INFINITY };
  return now !== undefined && now.by > before.by ? { ...before, ...now } : before;
}

function firing({ from, worst, metric }: Open, until: number | null): Firing {
  return { from, until, worst, ...(metric !== undefined && { metric }) };
}

type Buckets = ReadonlyMap<
  string,
  { readonly lowest: number; readonly highest: number; readonly mean: number }
>;

type Of = 'lowest' | 'highest' | 'mean';

function valuesOf(buckets: Buckets, of: Of): Record<string, number> {
  return Object.fromEntries(Array.from(buckets, ([name, bucket]) => [name, bucket[of]]));
}

/** What was read of a value that is beyond the device's own limits. */
function worstRead({ when }: AlertRule, buckets: Buckets, own: OwnState): Worst | undefined {
  if (!('beyond' in when)) return undefined;
  const [worst] = (['lowest', 'highest'] as const)
    .flatMap((of) => worstOf(when.beyond, valuesOf(buckets, of), own) ?? [])
    .sort((a, b) => b.by - a.by);
  return worst && { worst: worst.value, by: worst.by, metric: worst.id };
}

/** The one value of a bucket that its rule is asked with. */
function judged(
  rule: CompiledRule,
  buckets: Buckets,
  step: number,
  port: MonitoredPort | undefined,
  own: OwnState | undefined,
): number | undefined {
  const pick = (of: Of) => rule.valueIn(valuesOf(buckets, of), port, own);
  if (rule.trail !== null) return pick('mean');
  const { when } = rule.rule;
  if ('is' in when) {
    const [low, high] = [pick('lowest'), pick('highest')];
    const held = [high, low].find((value) => value !== undefined && rule.holds(value, false));
    return held ?? high;
  }
  const lasting = rule.forMs >= step;
  if (own) {
    const [low, high] = [
      pick('lowest') ?? Number.NEGATIVE_INFINITY,
      pick('highest') ?? Number.NEGATIVE_INFINITY,
    ];
    const by = lasting ? Math.min(low, high) : Math.max(low, high);
    return Number.isFinite(by) ? by : undefined;
  }
  if (rule.rule.share === 'use') return pick(lasting ? 'mean' : 'highest');
  return pick('below' in when === lasting ? 'highest' : 'lowest');
}
