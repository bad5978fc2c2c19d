import { AlertReview, BilingualText, Condition, IncidentCause } from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Database } from '../../database/tables.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { beginningOf, mondays, type ReviewFacts, review } from './review.ts';

const Weeks = z.strictObject({
  weeks: z.coerce.number('must be a number').int().min(1).max(53).default(12),
});

export function reviewRoutes(options: {
  db: Database;
  now: () => number;
  /** In words without a device's name; null: there is no such rule. */
  ruleTitle: (ruleId: string) => BilingualText | null;
}): Route[] {
  const { db, now, ruleTitle } = options;
  return [
    defineRoute({
      method: 'get',
      path: '/api/alert-review',
      summary:
        'How alerting went in the last weeks: incidents, messages, times, the noisiest rules; not by person.',
      query: Weeks,
      reply: AlertReview,
      handle: async ({ query: { weeks } }) => {
        const time = now();
        const [first] = mondays(time, weeks);
        const facts = await loadFacts(db, first === undefined ? time : beginningOf(first));
        return review(facts, { now: time, weeks, ruleTitle });
      },
    }),
  ];
}

/** Incidents of which somebody was to be told, and messages, since a time. Drills do not count. */
function loadFacts(db: Database, since: number): Promise<ReviewFacts> {
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('incidents')
      .select(['id', 'key', 'severity', 'title', 'cause', 'opened_at', 'acknowledged_at', 'resolved_at'])
      .where('opened_at', '>=', since)
      .where('drill', '=', 0)
      .orderBy('id')
      .execute();
    const members = await tx
      .selectFrom('incident_members')
      .innerJoin('incidents', 'incidents.id', 'incident_members.incident_id')
      .select(['incident_members.incident_id as incident', 'incident_members.condition'])
      .where('incidents.opened_at', '>=', since)
      .where('incidents.drill', '=', 0)
      .where('incident_members.role', '=', 'cause')
      .orderBy('incident_members.id', 'desc')
      .execute();
    // The first one that said what is wrong.
    const ruleOf = new Map(
      members.map(({ incident, condition }) => [incident, Condition.parse(JSON.parse(condition)).rule]),
    );
    const messages = await tx
      .selectFrom('deliveries')
      .innerJoin('incidents', 'incidents.id', 'deliveries.incident_id')
      .select(['deliveries.incident_id as incident', 'deliveries.sent_at as sent'])
      .where('deliveries.sent_at', '>=', since)
      .where('deliveries.user_id', 'is not', null)
      .where('deliveries.kind', 'in', ['opened', 'worse', 'escalated', 'reminder'])
      .where('incidents.drill', '=', 0)
      .execute();
    return {
      incidents: rows.map((row) => {
        const { deviceId, name } = IncidentCause.parse(JSON.parse(row.cause));
        return {
          id: row.id,
          severity: row.severity,
          openedAt: row.opened_at ?? since,
          acknowledgedAt: row.acknowledged_at,
          resolvedAt: row.resolved_at,
          ruleId: ruleOf.get(row.id) ?? row.key.replace(/:.*$/, ''),
          title: BilingualText.parse(JSON.parse(row.title)),
          device: deviceId === null ? null : { id: deviceId, name },
        };
      }),
      messages: messages.flatMap(({ incident, sent }) =>
        incident === null || sent === null ? [] : [{ incidentId: incident, sentAt: sent }],
      ),
    };
  });
}
