import {
  type ChannelKind,
  EscalationPlan,
  type Role,
  RotaPlan,
  type Severity,
} from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import type { RotaChange } from './rota/shifts.ts';

export interface Person {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
  readonly disabled: boolean;
}

export interface Channel {
  readonly id: number;
  /** null: nobody's, a chat or a siren. */
  readonly userId: number | null;
  readonly kind: ChannelKind;
  readonly name: string;
  readonly rank: number;
  readonly enabled: boolean;
  readonly minSeverity: Severity;
  readonly createdAt: number;
  readonly lastReceiptAt: number | null;
  readonly failingSince: number | null;
}

export interface Rota {
  readonly id: number;
  readonly name: string;
  readonly plan: RotaPlan;
  readonly changes: readonly RotaChange[];
}

export interface Escalation {
  readonly id: number;
  readonly name: string;
  readonly plan: EscalationPlan;
}

/** All that is planned about who is told, at one moment. Channels and escalations in their order. */
export interface Plans {
  readonly people: ReadonlyMap<number, Person>;
  readonly channels: readonly Channel[];
  readonly rotas: ReadonlyMap<number, Rota>;
  readonly escalations: readonly Escalation[];
}

export async function loadPlans(db: Database): Promise<Plans> {
  const people = await db.selectFrom('users').select(['id', 'name', 'role', 'disabled']).execute();
  const channels = await db
    .selectFrom('channels')
    .select([
      'id',
      'user_id as userId',
      'kind',
      'name',
      'rank',
      'enabled',
      'min_severity as minSeverity',
      'created_at as createdAt',
      'last_receipt_at as lastReceiptAt',
      'failing_since as failingSince',
    ])
    .orderBy('rank')
    .orderBy('id')
    .execute();
  const rotas = await db.selectFrom('rotas').select(['id', 'name', 'plan']).orderBy('id').execute();
  const changes = await db
    .selectFrom('rota_changes')
    .select(['id', 'rota_id', 'from', 'until', 'user_id as userId', 'instead_of_id as insteadOfId'])
    .orderBy('id')
    .execute();
  const escalations = await db
    .selectFrom('escalations')
    .select(['id', 'name', 'plan'])
    .orderBy('rank')
    .orderBy('id')
    .execute();
  const byRota = Map.groupBy(changes, (change) => change.rota_id);
  return {
    people: new Map(people.map((each) => [each.id, { ...each, disabled: each.disabled !== 0 }])),
    channels: channels.map((channel) => ({ ...channel, enabled: channel.enabled !== 0 })),
    rotas: new Map(
      rotas.map(({ id, name, plan }) => [
        id,
        {
          id,
          name,
          plan: RotaPlan.parse(JSON.parse(plan)),
          changes: (byRota.get(id) ?? []).map(({ rota_id: _, ...change }) => change),
        },
      ]),
    ),
    escalations: escalations.map(({ plan, ...rest }) => ({
      ...rest,
      plan: EscalationPlan.parse(JSON.parse(plan)),
    })),
  };
}
