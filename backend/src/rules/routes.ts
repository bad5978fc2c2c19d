import { type AlertRule, kindsOf, limitOf } from '@rackhaus/config/alert-rules';
import { metric, RuleList, RulePreview, RulePreviewRequest, type RuleView } from '@rackhaus/config/contract';
import { z } from 'zod';
import { refuseOtherPlace } from '../access/scope/addressed.ts';
import { allWithin, type Reach, reachOf } from '../access/scope.ts';
import type { Database } from '../database/tables.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { type MeasurementStore, StoreUnavailable } from '../measurements/index.ts';
import { AppError } from '../problem.ts';
import { limitUnit, withNumbers } from './describe.ts';
import { limited, type RuleLimit } from './limits.ts';
import { type Previewed, preview } from './preview.ts';
import { recentIncidents } from './recent.ts';
import type { Rules } from './rules.ts';
import { whenWords } from './when-words.ts';

const recentMs = 30 * 86_400_000;
/** A preview reads much: one person's after the other's. */
const mostPreviews = 2;

/** What rules there are, what has been set about them, and what other numbers would do. */
export function ruleRoutes(deps: {
  db: Database;
  rules: Rules;
  store: MeasurementStore;
  /** What holds now: the rule of each condition, and the device that it is about; an agent's is of no device. */
  conditions: () => Iterable<{ readonly rule: string; readonly deviceId: number }>;
  devices: () => Iterable<Previewed>;
  now: () => number;
  elapsed: () => number;
}): Route[] {
  const { db, rules, now } = deps;
  let running = 0;
  return [
    defineRoute({
      method: 'get',
      path: '/api/alert-rules',
      summary: 'All rules with what they mean, what has been set about them, and how often they hold.',
      reply: RuleList,
      handle: async ({ caller }) => {
        const reach = reachOf(caller);
        const own = reach === null ? null : await allWithin(db, 'device', reach);
        const holding = [...deps.conditions()].filter(({ deviceId }) => own === null || own.has(deviceId));
        const active = counted(holding.map(({ rule }) => rule));
        const recent = await recentIncidents(db, now() - recentMs, reach);
        const names = await namesOf(db);
        return {
          rules: [...rules.groups].flatMap(([group, list]) =>
            list.map((rule) =>
              view(rule, group, {
                limits: limitsWithin(rules.limits.all(rule.id), reach, own),
                active: active.get(rule.id) ?? 0,
                recent: recent.get(rule.id) ?? 0,
                names,
              }),
            ),
          ),
        };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/alert-rules/:id/preview',
      summary: 'How often a rule would have fired in the last days with other numbers.',
      params: z.strictObject({ id: z.string().max(200) }),
      body: RulePreviewRequest,
      reply: RulePreview,
      handle: async ({ params, body, caller }) => {
        const reach = reachOf(caller);
        if (reach !== null) await refuseOtherScope(db, reach, body);
        const rule = rules.book.rule(params.id);
        if (rule === undefined) throw new AppError('not-found', `There is no rule "${params.id}".`);
        refuseWhatIsNotKept(rule);
        if (running >= mostPreviews)
          throw new AppError('too-many', 'Others are looking at previews.', undefined, { afterSeconds: 5 });
        running++;
        try {
          const own = reach === null ? null : await allWithin(db, 'device', reach);
          const devices = [...deps.devices()].filter(({ device }) => own === null || own.has(device.id));
          return await preview({
            rule,
            request: body,
            book: rules.book,
            devices,
            store: deps.store,
            now: now(),
            elapsed: deps.elapsed,
          });
        } catch (error) {
          if (!(error instanceof StoreUnavailable)) throw error;
          throw new AppError('unavailable', 'The measurement store does not answer.', undefined, {
            afterSeconds: 5,
          });
        } finally {
          running--;
        }
      },
    }),
  ];
}

/** @throws AppError forbidden when it is to be looked at a site or a device beyond */
async function refuseOtherScope(
  db: Database,
  reach: Reach,
  { siteId, deviceId }: RulePreviewRequest,
): Promise<void> {
  if (siteId !== null) await refuseOtherPlace(db, reach, 'site', siteId);
  if (deviceId !== null) await refuseOtherPlace(db, reach, 'device', deviceId);
}

/** Those of one's own sites and devices, and those that hold for all: of these without the reason, which may tell of elsewhere. */
function limitsWithin(
  limits: readonly RuleLimit[],
  reach: Reach | null,
  own: ReadonlySet<number> | null,
): readonly RuleLimit[] {
  if (reach === null || own === null) return limits;
  return limits.flatMap((limit) => {
    if (limit.scope === 'all' || limit.scope === 'role') return [{ ...limit, reason: null }];
    const isOwn = limit.scope === 'site' ? reach.sites.has(limit.siteId ?? 0) : own.has(limit.deviceId ?? 0);
    return isOwn ? [limit] : [];
  });
}

function refuseWhatIsNotKept(rule: AlertRule): void {
  if ('silentSeconds' in rule.when || kindsOf(rule).includes('agent'))
    throw new AppError('invalid', `id: ${rule.id} looks at silence or agents, of which no past is kept.`, [
      { path: 'id', message: 'looks at silence or agents, of which no past is kept' },
    ]);
}

function view(
  rule: AlertRule,
  group: string,
  facts: { limits: readonly RuleLimit[]; active: number; recent: number; names: Names },
): RuleView {
  const forAll = facts.limits.find(({ scope }) => scope === 'all');
  const now = forAll ? limited(rule, forAll) : rule;
  const own = limitOf(rule.when);
  const { unit, decimals } = limitUnit(rule);
  return {
    id: rule.id,
    group,
    metric: rule.metric ?? null,
    kind: rule.metric === undefined ? null : metric(rule.metric).kind,
    byDevice: 'beyond' in rule.when,
    severity: rule.severity,
    roles: rule.roles ?? null,
    title: withNumbers(now, rule.title),
    advice: withNumbers(now, rule.advice),
    when: whenWords(now),
    limit: own === null ? null : { ...own, unit, decimals },
    forSeconds: rule.for,
    enabled: forAll?.enabled ?? true,
    active: facts.active,
    recent: facts.recent,
    limits: facts.limits.map(({ ruleId: _, ...limit }) => ({ ...limit, name: nameOf(limit, facts.names) })),
  };
}

interface Names {
  readonly sites: ReadonlyMap<number, string>;
  readonly devices: ReadonlyMap<number, string>;
}

function nameOf(limit: Omit<RuleLimit, 'ruleId'>, { sites, devices }: Names): string {
  if (limit.scope === 'site') return sites.get(limit.siteId ?? 0) ?? '';
  if (limit.scope === 'role') return limit.role ?? '';
  const device = devices.get(limit.deviceId ?? 0) ?? '';
  return limit.scope === 'entity' ? `${device} ${limit.entity ?? ''}` : device;
}

async function namesOf(db: Database): Promise<Names> {
  const sites = await db
    .selectFrom('rule_limits')
    .innerJoin('sites', 'sites.id', 'rule_limits.site_id')
    .select(['sites.id', 'sites.name'])
    .execute();
  const devices = await db
    .selectFrom('rule_limits')
    .innerJoin('devices', 'devices.id', 'rule_limits.device_id')
    .select(['devices.id', 'devices.name'])
    .execute();
  return {
    sites: new Map(sites.map(({ id, name }) => [id, name])),
    devices: new Map(devices.map(({ id, name }) => [id, name])),
  };
}

function counted(ids: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}
