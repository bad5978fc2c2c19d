import type { ChannelView, InventoryRecord, OnCallNow } from '@rackhaus/config/contract';
import { getSession } from '../access/session.svelte.ts';
import { getApi } from '../api/api.ts';
import { type Resource, useResource } from '../api/resource.svelte.ts';
import { m } from '../paraglide/messages.js';
import { Records } from '../records/api.ts';
import { useFresh } from './fresh.svelte.ts';
import { OnCall } from './oncall-api.ts';
import type { TargetNames } from './plan-words.ts';

export interface PlanData {
  readonly rotas: readonly InventoryRecord<'rota'>[];
  readonly escalations: readonly InventoryRecord<'escalation'>[];
  readonly people: OnCallNow['people'];
  readonly problems: OnCallNow['problems'];
  /** Those that belong to nobody; only administrators see them. */
  readonly houseChannels: readonly ChannelView[];
  readonly sites: readonly { readonly id: number; readonly name: string }[];
  readonly names: TargetNames;
}

/** Everything that plans are made of, in one piece. To be called while a component is being set up. */
export function usePlanData(): Resource<PlanData> {
  const api = getApi();
  const onCall = new OnCall({ api });
  const records = new Records({ api });
  const session = getSession();
  const fresh = useFresh();
  return useResource(async (signal) => {
    fresh.read();
    const [now, rotas, escalations, sites, channels] = await Promise.all([
      onCall.now(signal),
      records.list('rota', { size: 100, sort: 'name' }, signal),
      records.list('escalation', { size: 100, sort: 'rank' }, signal),
      records.list('site', { size: 100, sort: 'name' }, signal),
      session.person?.role === 'administrator' ? onCall.channels(signal) : Promise.resolve([]),
    ]);
    const find = (of: readonly { readonly id: number; readonly name: string }[], id: number) =>
      of.find((one) => one.id === id)?.name ?? m.oncall_unknown();
    return {
      rotas: rotas.records,
      escalations: escalations.records.toSorted((a, b) => a.rank - b.rank || a.id - b.id),
      people: now.people,
      problems: now.problems,
      houseChannels: channels.filter(({ userId }) => userId === null),
      sites: sites.records,
      names: {
        rota: (id) => find(rotas.records, id),
        person: (id) => now.people.find(({ userId }) => userId === id)?.name ?? m.oncall_unknown_person(),
        channel: (id) => find(channels, id),
        site: (id) => find(sites.records, id),
      },
    };
  });
}
