import { EscalationPlan, RotaPlan } from '@rackhaus/config/contract';
import type { Change } from '../../history/change.ts';
import type { Row, StoredRow } from '../../history/spec.ts';
import { AppError } from '../../problem.ts';

type Written = readonly { readonly before: StoredRow | null; readonly next: Row }[];

/** ISO 3166-2. */
const states = 'BB BE BW BY HB HE HH MV NI NW RP SH SL SN ST TH'.split(' ').map((code) => `DE-${code}`);

/** Checks who takes turns: people, time zone and state are there, and no layer ends before it begins. */
export async function prepareRotas(change: Change, rows: Written): Promise<readonly Row[]> {
  for (const { next } of rows) {
    const { timeZone, holidays, layers } = RotaPlan.parse(JSON.parse(String(next.plan)));
    if (!isTimeZone(timeZone))
      throw invalid('plan.timeZone', `"${timeZone}" is not a time zone; one is "Europe/Berlin"`);
    if (holidays !== null && !states.includes(holidays))
      throw invalid('plan.holidays', `"${holidays}" is not a state of Germany; one is "DE-NW"`);
    for (const [index, { from, until, people, name }] of layers.entries()) {
      const path = `plan.layers.${index}`;
      if (until !== null && until < from)
        throw invalid(`${path}.until`, `"${name}" must not end on ${until}, before it begins on ${from}`);
      await refuseMissing(change, 'user', `${path}.people`, people);
    }
  }
  return rows.map(({ next }) => next);
}

/** Checks covers: the person is there, and nobody else covers the same shifts at that time. */
export async function prepareRotaChanges(change: Change, rows: Written): Promise<readonly Row[]> {
  const seen: Row[] = [];
  for (const { next } of rows) {
    if (Number(next.until) <= Number(next.from)) throw invalid('until', 'must be after the beginning');
    await refuseMissing(change, 'user', 'userId', [Number(next.user_id)]);
    if (next.instead_of_id != null) {
      await refuseMissing(change, 'user', 'insteadOfId', [Number(next.instead_of_id)]);
      if (next.instead_of_id === next.user_id) throw invalid('insteadOfId', 'must be somebody else');
    }
    const kept = await change.tx
      .selectFrom('rota_changes')
      .selectAll()
      .where('rota_id', '=', Number(next.rota_id))
      .where('from', '<', Number(next.until))
      .where('until', '>', Number(next.from))
      .where('id', '<>', Number(next.id ?? 0))
      .execute();
    const other = [...kept.map((row): Row => ({ ...row })), ...seen].find((row) => collide(row, next));
    if (other !== undefined) throw await overlap(change, other);
    seen.push(next);
  }
  return rows.map(({ next }) => next);
}

/** Two that each stand in for another person are a swap. */
function collide(a: Row, b: Row): boolean {
  const sameTime = Number(a.from) < Number(b.until) && Number(b.from) < Number(a.until);
  const [one, two] = [a.instead_of_id ?? null, b.instead_of_id ?? null];
  const itself = a.id !== undefined && a.id === b.id;
  return !itself && a.rota_id === b.rota_id && sameTime && (one === null || two === null || one === two);
}

async function overlap(change: Change, other: Row): Promise<AppError> {
  const rota = await change.tx
    .selectFrom('rotas')
    .select('name')
    .where('id', '=', Number(other.rota_id))
    .executeTakeFirst();
  const user = await change.tx
    .selectFrom('users')
    .select('name')
    .where('id', '=', Number(other.user_id))
    .executeTakeFirst();
  const time = (value: unknown): string => `${new Date(Number(value)).toISOString().slice(0, 16)}Z`;
  const message = `overlaps the cover by ${user?.name ?? '?'} in "${rota?.name ?? '?'}" from ${time(other.from)} until ${time(other.until)}`;
  return new AppError('conflict', `from: ${message}.`, [{ path: 'from', message }], {
    reason: 'overlap',
    ...(typeof other.id === 'number'
      ? { blocking: [{ kind: 'rota-change', id: other.id, name: user?.name ?? '?' }] }
      : {}),
  });
}

/** Checks whom steps tell: rotas, people and channels are there, and sites too. */
export async function prepareEscalations(change: Change, rows: Written): Promise<readonly Row[]> {
  for (const { next } of rows) {
    const { steps, siteIds } = EscalationPlan.parse(JSON.parse(String(next.plan)));
    await refuseMissing(change, 'site', 'plan.siteIds', siteIds ?? []);
    for (const [index, { to }] of steps.entries())
      for (const [place, target] of to.entries()) {
        const path = `plan.steps.${index}.to.${place}`;
        if (target.kind === 'rota') await refuseMissing(change, 'rota', `${path}.rotaId`, [target.rotaId]);
        if (target.kind === 'person') await refuseMissing(change, 'user', `${path}.userId`, [target.userId]);
        if (target.kind === 'channel') await refuseChannel(change, `${path}.channelId`, target.channelId);
      }
  }
  return rows.map(({ next }) => next);
}

async function refuseChannel(change: Change, path: string, id: number): Promise<void> {
  const channel = await change.tx
    .selectFrom('channels')
    .select(['name', 'user_id'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (channel === undefined) throw invalid(path, `there is no channel ${id}`);
  if (channel.user_id !== null)
    throw invalid(path, `"${channel.name}" is somebody's own channel: name the person instead`);
}

const tables = { user: 'users', site: 'sites', rota: 'rotas' } as const;

async function refuseMissing(
  change: Change,
  kind: keyof typeof tables,
  path: string,
  ids: readonly number[],
): Promise<void> {
  if (ids.length === 0) return;
  const rows = await change.tx.selectFrom(tables[kind]).select('id').where('id', 'in', ids).execute();
  const there = new Set(rows.map(({ id }) => id));
  const missing = ids.find((id) => !there.has(id));
  if (missing !== undefined) throw invalid(path, `there is no ${kind} ${missing}`);
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function invalid(path: string, message: string): AppError {
  return new AppError('invalid', `${path}: ${message}.`, [{ path, message }]);
}

/** By what a cover is known: who takes over. */
export async function coverNames(change: Change, rows: readonly Row[]): Promise<string[]> {
  const ids = [...new Set(rows.map((row) => Number(row.user_id)))];
  const users = await change.tx.selectFrom('users').select(['id', 'name']).where('id', 'in', ids).execute();
  const names = new Map(users.map(({ id, name }) => [id, name]));
  return rows.map((row) => names.get(Number(row.user_id)) ?? '');
}
