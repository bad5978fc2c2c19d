import type { StatusPage } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import type { AffectedServices } from './proposals.ts';

/** What is over stays to be read this long. */
const pastMs = 7 * 86_400_000;
const importances = ['high', 'normal', 'low'];

type State = StatusPage['services'][number]['state'];
/** The worst first. */
const states: readonly State[] = ['down', 'disturbed', 'maintenance'];

/**
 * The status page: services and what an administrator has written of them, in the words of people. A service is as the messages
 * say that have begun; incidents alone say nothing to colleagues. `proposals`: for administrators; null: none are made.
 */
export async function statusPage(
  db: Database,
  now: number,
  proposals: AffectedServices | null,
): Promise<StatusPage> {
  const { services, messages, affected } = await db.transaction().execute(async (tx) => ({
    services: await tx.selectFrom('services').select(['id', 'name', 'importance']).execute(),
    messages: await tx
      .selectFrom('status_messages')
      .selectAll()
      .where((e) => e.or([e('ended_at', 'is', null), e('ended_at', '>', now - pastMs)]))
      .orderBy('since', 'desc')
      .orderBy('id', 'desc')
      .execute(),
    affected: proposals === null ? [] : await proposals(tx),
  }));
  const names = new Map(services.map(({ id, name }) => [id, name]));
  const open = messages.filter((message) => message.ended_at === null);
  const shown = ({ id, title, text, since, updated_at }: (typeof messages)[number]) => ({
    id,
    title,
    text,
    since,
    updatedAt: updated_at,
  });
  const said = new Set(open.map((message) => message.service_id));
  return {
    updatedAt: now,
    services: services
      .toSorted(
        (a, b) =>
          importances.indexOf(a.importance) - importances.indexOf(b.importance) ||
          a.name.localeCompare(b.name, 'de'),
      )
      .map(({ id, name }) => {
        const own = open.filter((message) => message.service_id === id);
        const begun = own.filter((message) => message.since <= now);
        const state = states.find((each) => begun.some((message) => message.state === each)) ?? 'ok';
        return { id, name, state, messages: own.map(shown) };
      }),
    messages: open
      .filter((message) => message.service_id === null)
      .map((message) => ({ ...shown(message), state: message.state })),
    past: messages.flatMap(({ id, service_id: service, title, text, since, ended_at: endedAt }) =>
      endedAt === null ? [] : [{ id, service: names.get(service ?? 0) ?? null, title, text, since, endedAt }],
    ),
    proposals: affected.flatMap(({ incidentId, serviceId, title }) => {
      const service = names.get(serviceId);
      return service === undefined || said.has(serviceId) ? [] : [{ incidentId, serviceId, service, title }];
    }),
  };
}
